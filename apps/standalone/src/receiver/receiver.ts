import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { NotFound } from '@hookline/domain';
import { readBody, sendJson, sendProblem } from '@hookline/service-kit';
import { Webhook } from 'standardwebhooks';
import { createTally, note, type Tally } from './tally.ts';

/**
 * A receiver to try things out with, at `/_receiver/{ok,slow,fail,flaky,gone}`: POST delivers to it, GET shows what it got.
 * In the local mode only.
 */
export type BuiltInReceiver = (request: IncomingMessage, response: ServerResponse) => void;

/** Each answers a delivery with a status; `seen` is how often this webhook-id came before. */
const BEHAVIOURS: Record<string, (seen: number) => number | Promise<number>> = {
  ok: () => 200,
  slow: () => sleep(2_000, 200),
  fail: () => 500,
  flaky: (seen) => (seen === 0 ? 503 : 200),
  gone: () => 410,
};

const PATH = /^\/_receiver\/([a-z]+)\/?$/;
const MAX_BODY_BYTES = 2 * 1024 * 1024;
const BODY_KEPT = 2_000;
const IDS_KEPT = 10_000;

/** @param secretsOf the secrets of the webhooks that point at a path */
export function createBuiltInReceiver(secretsOf: (path: string) => string[]): BuiltInReceiver {
  const tallies = new Map<string, Tally>(Object.keys(BEHAVIOURS).map((name) => [name, createTally()]));
  const seen = new Map<string, number>();

  function timesSeen(name: string, webhookId: string): number {
    const key = `${name}/${webhookId}`;
    const times = seen.get(key) ?? 0;
    seen.delete(key);
    seen.set(key, times + 1);
    if (seen.size > IDS_KEPT) seen.delete(seen.keys().next().value as string);
    return times;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?')[0] ?? '';
    if (request.method === 'GET' && path.replace(/\/$/, '') === '/_receiver') {
      sendJson(
        response,
        200,
        Object.fromEntries(
          [...tallies].map(([name, tally]) => [name, { received: tally.received, verified: tally.verified }]),
        ),
      );
      return;
    }
    const name = PATH.exec(path)?.[1] ?? '';
    const tally = tallies.get(name);
    const behave = BEHAVIOURS[name];
    if (tally === undefined || behave === undefined) {
      throw new NotFound(
        `The built-in receiver has ${Object.keys(BEHAVIOURS)
          .map((known) => `/_receiver/${known}`)
          .join(', ')}.`,
      );
    }
    if (request.method === 'GET') {
      sendJson(response, 200, tally);
      return;
    }
    const body = await readBody(request, MAX_BODY_BYTES);
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([header, value]) => [header, String(value)]),
    );
    const webhookId = headers['webhook-id'] ?? '';
    const status = await behave(timesSeen(name, webhookId));
    note(tally, {
      at: new Date().toISOString(),
      webhook_id: webhookId,
      status,
      verified: verify(secretsOf(`/_receiver/${name}`), headers, body),
      headers,
      body: body.toString('utf8', 0, BODY_KEPT),
      size_bytes: body.length,
    });
    sendJson(response, status, { received: tally.received });
  }

  return (request, response) => {
    answer(request, response).catch((error: unknown) => sendProblem(response, error));
  };
}

/** null: no secret is known to try. */
function verify(secrets: string[], headers: Record<string, string>, body: Buffer): boolean | null {
  if (secrets.length === 0) return null;
  return secrets.some((secret) => {
    try {
      new Webhook(secret).verify(body, headers);
      return true;
    } catch {
      return false;
    }
  });
}
