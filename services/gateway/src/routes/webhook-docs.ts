import { page } from '@hookline/contracts/api';
import { jsonBody, optionalJsonBody, type Operation } from '../openapi/operation.ts';
import { ETAG, IF_MATCH, IF_NONE_MATCH, WEBHOOK, WEBHOOK_ID } from './resources.ts';
import {
  createdWebhook,
  jwksAnswer,
  secretsAnswer,
  testedAnswer,
  webhookAnswer,
  webhookPage,
} from './webhook-answers.ts';
import { keyRotationBody, secretRotationBody, testBody, webhookBody, webhookPatch } from './webhook-body.ts';

const EXAMPLE = {
  url: 'https://example.com/hooks',
  uid: 'orders',
  event_types: ['order.*'],
  description: 'Orders of customer 42',
  metadata: { team: 'blue' },
  timeout: '15s',
};

const tag = 'webhooks';
const changed = {
  answers: { 200: { description: 'As it is now.', schema: webhookAnswer, headers: ETAG } },
  problems: { 412: ['precondition_failed'], 503: ['change_pending'] },
} as const;
const secrets = { 200: { description: 'What signs, as it is now.', schema: secretsAnswer } };

const turns = {
  enable: 'Enable a webhook',
  disable: 'Disable a webhook',
  pause: 'Pause a webhook',
  resume: 'Resume a webhook',
} as const;
const turnDetails = {
  enable: 'From whatever it is.',
  disable: 'It matches nothing any more; what waits becomes dead letters.',
  pause: 'Events go on matching; its deliveries wait until it is resumed, or they are too old.',
  resume: 'What waits goes out within a minute.',
} as const;

export const WEBHOOK_DOCS = {
  create: {
    id: 'createWebhook',
    tag,
    summary: 'Create a webhook',
    details: 'An event that is accepted after the answer is matched with it.',
    body: jsonBody(webhookBody, EXAMPLE),
    answers: {
      201: {
        description: 'It is there.',
        schema: createdWebhook,
        headers: { ...ETAG, Location: 'Its address.' },
      },
    },
    problems: {
      403: ['webhook_quota_exceeded'],
      409: ['too_many_webhooks', 'uid_taken', 'handshake_refused'],
      503: ['change_pending'],
    },
  },
  list: {
    id: 'listWebhooks',
    tag,
    summary: 'List webhooks',
    query: page,
    answers: { 200: { description: 'A page.', schema: webhookPage } },
  },
  get: {
    id: 'getWebhook',
    tag,
    summary: 'Get a webhook',
    resource: WEBHOOK,
    headers: IF_NONE_MATCH,
    answers: {
      200: { description: 'The webhook.', schema: webhookAnswer, headers: ETAG },
      304: { description: 'It is as the client has it.', headers: ETAG },
    },
  },
  replace: {
    ...changed,
    id: 'replaceWebhook',
    tag,
    summary: 'Replace a webhook’s settings',
    details: 'What is absent gets its default; `secret` and `uid` stay.',
    resource: WEBHOOK,
    headers: IF_MATCH,
    body: jsonBody(webhookBody, { ...EXAMPLE, timeout: '20s' }),
    problems: { ...changed.problems, 409: ['uid_taken', 'handshake_refused', 'too_many_secrets'] },
  },
  patch: {
    ...changed,
    id: 'patchWebhook',
    tag,
    summary: 'Change some of a webhook’s settings',
    details: 'A JSON merge patch (RFC 7396): `null` resets to the default.',
    resource: WEBHOOK,
    headers: IF_MATCH,
    body: {
      content: {
        'application/merge-patch+json': { schema: webhookPatch, example: { timeout: null, metadata: { team: 'red' } } },
        'application/json': { schema: webhookPatch, example: { rate_limit: { limit: 10, window: '1s' } } },
      },
    },
    problems: { ...changed.problems, 409: ['uid_taken', 'handshake_refused', 'too_many_secrets'] },
  },
  delete: {
    id: 'deleteWebhook',
    tag,
    summary: 'Delete a webhook',
    details: 'What waits for it is discarded.',
    resource: WEBHOOK,
    headers: IF_MATCH,
    answers: { 204: { description: 'It is gone.' } },
    problems: changed.problems,
  },
  turn: (action: keyof typeof turns): Operation => ({
    ...changed,
    id: `${action}Webhook`,
    tag,
    summary: turns[action],
    details: turnDetails[action],
    resource: WEBHOOK,
    headers: IF_MATCH,
    problems: { ...changed.problems, 409: ['webhook_disabled', 'handshake_refused'] },
  }),
  test: {
    id: 'testWebhook',
    tag,
    summary: 'Send a sample to a webhook',
    details: 'Sent once, at once, also to one that is paused or disabled; not recorded. 200 whatever came of it.',
    resource: WEBHOOK,
    body: optionalJsonBody(testBody, { type: 'order.created', data: { total: 19.9 } }),
    answers: { 200: { description: 'What the receiver said.', schema: testedAnswer } },
  },
  secrets: {
    id: 'getWebhookSecrets',
    tag,
    summary: 'Get what signs a webhook’s requests',
    resource: WEBHOOK,
    answers: secrets,
  },
  rotateSecret: {
    id: 'rotateWebhookSecret',
    tag,
    summary: 'Replace a webhook’s secret',
    details: 'The old one signs beside it until `overlap` is over.',
    resource: WEBHOOK,
    body: optionalJsonBody(secretRotationBody, { overlap: '24h' }),
    answers: secrets,
    problems: { 409: ['too_many_secrets'], 503: ['change_pending'] },
  },
  rotateKey: {
    id: 'rotateWebhookSigningKey',
    tag,
    summary: 'Replace a webhook’s ed25519 key',
    details: 'The old one signs beside it until `overlap` is over.',
    resource: WEBHOOK,
    body: optionalJsonBody(keyRotationBody, { overlap: '24h' }),
    answers: secrets,
    problems: { 409: ['too_many_secrets'], 503: ['change_pending'] },
  },
  jwks: {
    id: 'getWebhookKeys',
    tag,
    summary: 'Get what verifies a webhook’s requests',
    details: 'Its public ed25519 keys, for anybody.',
    resource: WEBHOOK_ID,
    answers: {
      200: {
        description: 'The keys.',
        schema: jwksAnswer,
        headers: { 'Cache-Control': 'How long receivers may keep them.' },
      },
    },
  },
} as const satisfies Record<string, Operation | ((action: keyof typeof turns) => Operation)>;
