import { jsonBody, optionalJsonBody, type Operation } from '../openapi/operation.ts';
import { portalAnswer, portalBody, portalLinkAnswer, portalLinkBody } from './access-schemas.ts';

const tag = 'access';

export const PORTAL_DOCS = {
  create: {
    id: 'createPortalLink',
    tag,
    summary: 'Make a link that lets a customer in once',
    details:
      'Its code is good for a quarter of an hour and for one exchange; the token reads webhooks and deliveries of one tenant.',
    body: optionalJsonBody(portalLinkBody, { session: '1h' }),
    answers: { 201: { description: 'It is made.', schema: portalLinkAnswer } },
    problems: { 404: ['unknown_tenant'] },
  },
  open: {
    id: 'openPortal',
    tag,
    summary: 'Exchange the code of a portal link for a token',
    body: jsonBody(portalBody, { code: '9yFCtCzmgVNMzfVDOhsfZOy6yPuj1QX5cXfGYQPA2hg' }),
    answers: { 200: { description: 'A token.', schema: portalAnswer } },
    problems: { 401: ['portal_code_refused'] },
  },
} as const satisfies Record<string, Operation>;
