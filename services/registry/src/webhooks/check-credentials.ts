import type { AuthorizationMessage, ClientCertificateMessage } from '@hookline/contracts/grpc';
import { HIDDEN, type AddressGuard, type Problem, type WebhookCredentials } from '@hookline/domain';
import { isOtherOrigin, notKept, urlProblem } from './check-url.ts';
import { CREDENTIAL_LIMITS } from './limits.ts';
import { clientCertificateProblems } from './pem.ts';

/** What a client sets of them; signing keys are made here. */
export type GivenCredentials = Pick<WebhookCredentials, 'authorization' | 'clientCertificate'>;

type Authorization = NonNullable<WebhookCredentials['authorization']>;

export interface CheckedCredentials {
  credentials: GivenCredentials;
  problems: Problem[];
}

export interface CredentialsContext {
  guard: AddressGuard;
  /** What `***` keeps. */
  stored: GivenCredentials;
  /** The webhook's URL is of another origin than the one that they are stored for. */
  moved: boolean;
}

export function checkCredentials(
  given: { authorization: AuthorizationMessage | null; clientCertificate: ClientCertificateMessage | null },
  { guard, stored, moved }: CredentialsContext,
): CheckedCredentials {
  const problems: Problem[] = [];
  const credentials: GivenCredentials = {};

  function check(pointer: string, detail: string | null): void {
    if (detail !== null) problems.push({ pointer, detail });
  }

  /** A secret as it was sent, or as it is stored where `***` came back. */
  function secret(pointer: string, value: string, kept: string | undefined, max: number): string {
    if (value !== HIDDEN) check(pointer, secretProblem(value, max));
    else if (kept === undefined) check(pointer, `${HIDDEN} keeps a stored value, and there is none`);
    // Of OAuth2 it is the access token that would go there.
    else if (moved) check(pointer, notKept('url'));
    return value === HIDDEN ? (kept ?? '') : value;
  }

  function authorization({ basic, bearer, oauth2 }: AuthorizationMessage): Authorization | undefined {
    const kept = stored.authorization;
    const at = '/authorization';
    const { name, secret: longest, token, scope } = CREDENTIAL_LIMITS;
    if (basic) {
      check(`${at}/username`, basic.username.includes(':') ? 'must not have a colon' : nameProblem(basic.username));
      const keptPassword = kept?.type === 'basic' ? kept.password : undefined;
      const password = secret(`${at}/password`, basic.password, keptPassword, longest);
      return { type: 'basic', username: basic.username, password };
    }
    if (bearer) {
      const keptToken = kept?.type === 'bearer' ? kept.token : undefined;
      return { type: 'bearer', token: secret(`${at}/token`, bearer.token, keptToken, token) };
    }
    if (oauth2) {
      const { tokenUrl, clientId } = oauth2;
      check(`${at}/token_url`, urlProblem(tokenUrl, guard));
      check(`${at}/client_id`, clientId.length > name ? `has at most ${name} characters` : nameProblem(clientId));
      const keptSecret = kept?.type === 'oauth2' ? kept.clientSecret : undefined;
      const clientSecret = secret(`${at}/client_secret`, oauth2.clientSecret, keptSecret, longest);
      const goesElsewhere = kept?.type === 'oauth2' && !moved && isOtherOrigin(tokenUrl, kept.tokenUrl);
      if (oauth2.clientSecret === HIDDEN && goesElsewhere) check(`${at}/client_secret`, notKept('token_url'));
      check(`${at}/scope`, oauth2.scope === '' ? null : scopeProblem(oauth2.scope, scope));
      const scoped = oauth2.scope === '' ? {} : { scope: oauth2.scope };
      return { type: 'oauth2', tokenUrl, clientId, clientSecret, ...scoped };
    }
    check(at, 'must be basic, bearer or oauth2');
    return undefined;
  }

  if (given.authorization !== null) {
    const checked = authorization(given.authorization);
    if (checked !== undefined) credentials.authorization = checked;
  }
  if (given.clientCertificate !== null) {
    const at = '/client_certificate';
    const { certificate } = given.clientCertificate;
    const hidden = given.clientCertificate.privateKey === HIDDEN;
    const privateKey = hidden ? (stored.clientCertificate?.privateKey ?? '') : given.clientCertificate.privateKey;
    const found = clientCertificateProblems(certificate, privateKey);
    check(`${at}/certificate`, found.certificate);
    check(
      `${at}/private_key`,
      hidden && privateKey === '' ? `${HIDDEN} keeps a stored value, and there is none` : found.privateKey,
    );
    credentials.clientCertificate = { certificate, privateKey };
  }
  return { credentials, problems };
}

/** As they are shown. */
export function hideCredentials({ authorization, clientCertificate }: GivenCredentials): GivenCredentials {
  const shown: GivenCredentials = {};
  if (authorization?.type === 'basic') shown.authorization = { ...authorization, password: HIDDEN };
  if (authorization?.type === 'bearer') shown.authorization = { ...authorization, token: HIDDEN };
  if (authorization?.type === 'oauth2') shown.authorization = { ...authorization, clientSecret: HIDDEN };
  if (clientCertificate !== undefined) shown.clientCertificate = { ...clientCertificate, privateKey: HIDDEN };
  return shown;
}

function nameProblem(name: string): string | null {
  if (name === '') return 'is required';
  if (name.length > CREDENTIAL_LIMITS.name) return `has at most ${CREDENTIAL_LIMITS.name} characters`;
  return /\p{Cc}/u.test(name) ? 'must not contain control characters' : null;
}

function secretProblem(secret: string, max: number): string | null {
  if (secret === '') return 'is required';
  if (secret.length > max) return `has at most ${max} characters`;
  return /^[\x20-\x7e]*$/.test(secret) ? null : 'must be printable ASCII';
}

/** RFC 6749, 3.3. */
function scopeProblem(scope: string, max: number): string | null {
  if (scope.length > max) return `has at most ${max} characters`;
  return /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/.test(scope)
    ? null
    : 'must be scopes separated by one space';
}
