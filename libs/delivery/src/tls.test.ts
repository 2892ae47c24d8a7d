import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createAddressGuard, type AttemptResult } from '@hookline/domain';
import { createAuthority, createReceiver, type Authority, type Certificate, type Receiver } from '@hookline/testkit';
import { createSender, type Sender } from './index.ts';
import { createTlsIdentity, type TlsIdentity } from './tls-identity.ts';
import { createOauthClient, type OauthClient } from './tokens.ts';

const opened: { close(): Promise<void> }[] = [];
let authority: Authority;
let other: Authority;
let server: Certificate;
let client: Certificate;
let stranger: Certificate;

beforeAll(async () => {
  authority = await createAuthority();
  other = await createAuthority();
  server = await authority.issue('receiver.test');
  client = await authority.issue('hookline.test');
  stranger = await other.issue('stranger.test');
});

afterEach(async () => {
  for (const part of opened.splice(0).toReversed()) await part.close();
});

async function receive(wantsClient = false): Promise<Receiver> {
  const { certificate: cert, privateKey: key } = server;
  const ca = wantsClient ? { ca: authority.certificate, requestCert: true, rejectUnauthorized: true } : {};
  const receiver = await createReceiver({ tls: { cert, key, ...ca } });
  opened.push(receiver);
  return receiver;
}

function open(): Sender {
  const sender = createSender({ guard: createAddressGuard(['127.0.0.0/8']) });
  opened.push(sender);
  return sender;
}

function send(
  sender: Sender,
  origin: string,
  tls: TlsIdentity | undefined,
  oauth?: OauthClient,
): Promise<AttemptResult> {
  const request = { origin, path: '/', headers: [], body: Buffer.from('{}'), timeoutMs: 5_000, tls, oauth };
  return new Promise((resolve) => sender.send(request, resolve));
}

describe('TLS', () => {
  test('a certificate of an unknown authority is refused; with its bundle it is accepted', async () => {
    const receiver = await receive();
    const sender = open();
    const refused = await send(sender, receiver.url, undefined);
    expect(refused).toMatchObject({ failure: 'tls', phase: 'tls', status: null });
    expect(refused.timings?.connectMs).toBeGreaterThanOrEqual(0);
    const first = await send(sender, receiver.url, createTlsIdentity(authority.certificate));
    expect(first).toMatchObject({ failure: null });
    expect(first.timings?.tlsMs).toBeGreaterThan(0);
    const again = await send(sender, receiver.url, createTlsIdentity(authority.certificate));
    expect(Object.keys(again.timings ?? {})).toEqual(['firstByteMs']);
  });

  test('a bundle stands in place of the system’s certificates', async () => {
    const receiver = await receive();
    expect(await send(open(), receiver.url, createTlsIdentity(other.certificate))).toMatchObject({ failure: 'tls' });
  });

  test('a name that the certificate is not for is refused', async () => {
    const receiver = await receive();
    const origin = receiver.url.replace('127.0.0.1', '127.0.0.2');
    expect(await send(open(), origin, createTlsIdentity(authority.certificate))).toMatchObject({ status: null });
    const byName = receiver.url.replace('127.0.0.1', 'localhost');
    expect(await send(open(), byName, createTlsIdentity(authority.certificate))).toMatchObject({ failure: null });
    const wrongName = receiver.url.replace('127.0.0.1', 'other.localhost');
    expect(await send(open(), wrongName, createTlsIdentity(authority.certificate))).toMatchObject({ failure: 'tls' });
  });

  test('a client certificate is shown to those who ask, and never with another identity’s requests', async () => {
    const receiver = await receive(true);
    const sender = open();
    const mine = createTlsIdentity(authority.certificate, client);
    expect(await send(sender, receiver.url, mine)).toMatchObject({ failure: null });
    expect(await send(sender, receiver.url, mine)).toMatchObject({ failure: null });
    for (const tls of [createTlsIdentity(authority.certificate), createTlsIdentity(authority.certificate, stranger)]) {
      expect((await send(sender, receiver.url, tls)).failure).not.toBeNull();
    }
    expect(receiver.requests.map((request) => request.client)).toEqual(['hookline.test', 'hookline.test']);
  });

  test('a token endpoint is trusted by the bundle too, and the receiver’s client certificate is not shown to it', async () => {
    const { certificate: cert, privateKey: key } = server;
    const tls = { cert, key, ca: authority.certificate, requestCert: true, rejectUnauthorized: false };
    const respond = () => ({ status: 200, body: '{"access_token":"abc","token_type":"bearer"}' });
    const endpoint = await createReceiver({ tls, respond });
    opened.push(endpoint);
    const receiver = await receive(true);
    const oauth = createOauthClient(
      { type: 'oauth2', tokenUrl: endpoint.url, clientId: 'id', clientSecret: 'secret' },
      authority.certificate,
    );
    const identity = createTlsIdentity(authority.certificate, client);
    expect(await send(open(), receiver.url, identity, oauth)).toMatchObject({ failure: null });
    expect(endpoint.requests.map((request) => request.client)).toEqual([null]);
    expect(receiver.requests[0]).toMatchObject({ client: 'hookline.test', headers: { authorization: 'Bearer abc' } });
  });

  test.each([
    ['bundle', () => createTlsIdentity('no certificate at all')],
    ['certificate', () => createTlsIdentity(undefined, { ...client, certificate: 'none' })],
    ['key of another', () => createTlsIdentity(undefined, { ...client, privateKey: stranger.privateKey })],
  ])('a %s that can’t be used is a failure that says so', async (_what, identity) => {
    const receiver = await receive();
    const result = await send(open(), receiver.url, identity());
    expect(result).toMatchObject({ failure: 'tls', status: null });
    expect(result.error).not.toContain('PRIVATE');
    expect(receiver.requests).toHaveLength(0);
  });
});
