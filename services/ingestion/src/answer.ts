import type { ServerResponse } from 'node:http';
import { HooklineError } from '@hookline/domain';
import { problemOf } from '@hookline/service-kit';
import type { Outcome, Published } from './publish.ts';

/** What became of one of a batch. */
export interface BatchOutcome {
  /** null: it had none that could be one. */
  id: string | null;
  outcome: Outcome;
}

export function answerSingle(response: ServerResponse, { id, acceptedAtMs, repeated, deduplicated }: Published): void {
  const headers: Record<string, string> = {};
  if (repeated) headers['hookline-duplicate'] = 'true';
  if (!deduplicated) headers['hookline-deduplication'] = 'unavailable';
  send(response, 202, `{"id":${JSON.stringify(id)},"accepted_at":"${timeOf(acceptedAtMs)}"}`, headers);
}

/** 202 if all were accepted, 207 if some were not: each is answered for itself, in their order. */
export function answerBatch(response: ServerResponse, outcomes: readonly BatchOutcome[]): void {
  const headers: Record<string, string> = {};
  let accepted = 0;
  const answers = outcomes.map(({ id, outcome }) => {
    if (outcome instanceof HooklineError) {
      const { body, headers: more } = problemOf(outcome);
      const retryAfter = more['retry-after'];
      if (retryAfter !== undefined) headers['retry-after'] = retryAfter;
      return JSON.stringify({ id, status: outcome.retryable ? 'failed' : 'rejected', problem: body });
    }
    accepted++;
    if (!outcome.deduplicated) headers['hookline-deduplication'] = 'unavailable';
    const status = outcome.repeated ? 'duplicate' : 'accepted';
    return `{"id":${JSON.stringify(id)},"status":"${status}","accepted_at":"${timeOf(outcome.acceptedAtMs)}"}`;
  });
  const others = outcomes.length - accepted;
  const body = `{"accepted":${accepted},"not_accepted":${others},"events":[${answers.join(',')}]}`;
  send(response, others === 0 ? 202 : 207, body, headers);
}

function send(response: ServerResponse, status: number, body: string, headers: Record<string, string | number>): void {
  headers['content-type'] = 'application/json';
  headers['content-length'] = Buffer.byteLength(body);
  response.writeHead(status, headers);
  response.end(body);
}

let lastMs = NaN;
let lastTime = '';

/** Many are answered within one millisecond. */
function timeOf(ms: number): string {
  if (ms !== lastMs) {
    lastMs = ms;
    lastTime = new Date(ms).toISOString();
  }
  return lastTime;
}
