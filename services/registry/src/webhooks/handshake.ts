import type { Sender } from '@hookline/delivery';
import { Conflict, type AttemptResult } from '@hookline/domain';
import { destinationOf, type DestinationParts } from './destination.ts';

/**
 * Asks a receiver for its consent, where its webhook names an origin: CloudEvents' HTTP webhook specification, 4 ("abuse protection"). Consent is in
 * the headers of the answer, whatever its status.
 * @throws Conflict, code handshake_refused, if it isn't given
 */
export type Handshake = (webhook: DestinationParts) => Promise<void>;

/** With what the relay takes it is less than the gateway waits (10 s), so that whoever asked hears what came of it. */
const TIMEOUT_MS = 3_000;
const MINUTE_MS = 60_000;

export function createHandshake({ sender, userAgent }: { sender: Pick<Sender, 'send'>; userAgent: string }): Handshake {
  return async (webhook) => {
    const { requestOrigin, rateLimit } = webhook.delivery;
    if (requestOrigin === undefined) return;
    // A whole number per minute; what is less than one is asked for as one.
    const rate =
      rateLimit === undefined ? null : Math.max(1, Math.floor((rateLimit.limit * MINUTE_MS) / rateLimit.windowMs));
    const { origin, path, headers, tls, oauth } = destinationOf(webhook, []);
    const asking = ['user-agent', userAgent, ...headers];
    if (rate !== null) asking.push('webhook-request-rate', String(rate));
    const result = await new Promise<AttemptResult>((resolve) => {
      sender.send(
        {
          method: 'OPTIONS',
          origin,
          path,
          headers: asking,
          body: Buffer.alloc(0),
          timeoutMs: TIMEOUT_MS,
          tls,
          oauth,
          keepHeaders: true,
        },
        resolve,
      );
    });
    const refusal = refusalOf(result, requestOrigin, rate);
    if (refusal === null) return;
    throw new Conflict(`The receiver does not consent to requests from ${requestOrigin}: ${refusal}.`, {
      code: 'handshake_refused',
      problems: [{ pointer: '/handshake_origin', detail: refusal }],
    });
  };
}

/** Why there is no consent in an answer; null: there is. */
export function refusalOf(
  { status, error, responseHeaders = {} }: Pick<AttemptResult, 'status' | 'error' | 'responseHeaders'>,
  origin: string,
  rate: number | null,
): string | null {
  if (status === null) return `it did not answer OPTIONS (${error ?? 'no answer'})`;
  const allowed = responseHeaders['webhook-allowed-origin']?.trim();
  if (allowed === undefined) return 'its answer to OPTIONS has no header WebHook-Allowed-Origin';
  if (allowed !== '*' && allowed.toLowerCase() !== origin.toLowerCase()) return 'it allows another origin';
  const allowedRate = responseHeaders['webhook-allowed-rate']?.trim() ?? '';
  if (rate === null || allowedRate === '*') return null;
  if (!/^\d{1,9}$/.test(allowedRate)) return 'its answer to OPTIONS has no header WebHook-Allowed-Rate';
  return Number(allowedRate) >= rate
    ? null
    : `it allows ${Number(allowedRate)} requests a minute, fewer than rate_limit`;
}
