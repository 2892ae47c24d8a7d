import type { AttemptResult, DeliveryControl, FailureClass } from '@hookline/domain';
import type { Dispatcher } from 'undici';
import { classifyError, classifyStatus, describeError } from './failure.ts';
import type { OriginPool } from './pools.ts';
import { parseRetryAfter } from './retry-after.ts';

/** Of an answer's body, so much is read (then the connection is given up) and so much is kept. */
export const READ_BYTES = 64 * 1024;
export const KEPT_BYTES = 4 * 1024;

export type ExchangePhase = 'connect' | 'headers' | 'body';

export interface ExchangeOwner {
  /** Once per exchange. */
  ended(exchange: Exchange, result: AttemptResult): void;
  /** The answer's headers are here; its body has a deadline of its own. */
  answering(exchange: Exchange): void;
}

/**
 * One request and its answer, as undici's handler. A class, since there are tens of thousands a second and closures for each would
 * cost more than the signature does.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly pool: OriginPool;
  readonly settled: (result: AttemptResult) => void;
  readonly totalAtMs: number;
  deadlineSlot = 0;
  phase: ExchangePhase = 'connect';
  readonly #owner: ExchangeOwner;
  readonly #startedAtMs = Date.now();
  readonly #started = performance.now();
  #controller: Dispatcher.DispatchController | null = null;
  #ended = false;
  #status: number | null = null;
  #retryAfterMs: number | null = null;
  #control: DeliveryControl | undefined;
  #chunks: Buffer[] | null = null;
  #readBytes = 0;

  constructor(owner: ExchangeOwner, pool: OriginPool, timeoutMs: number, settled: (result: AttemptResult) => void) {
    this.#owner = owner;
    this.pool = pool;
    this.settled = settled;
    this.totalAtMs = this.#started + timeoutMs;
  }

  /** Breaks it off: nothing is sent any more if nothing was, and the connection is given up. */
  abort(error: Error): void {
    this.#end(classifyError(error), error);
    this.#controller?.abort(error);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Aborted while it waited for its connection: undici offers no earlier moment to call it off.
    if (this.#ended) return controller.abort(new Error('aborted'));
    this.#controller = controller;
    this.phase = 'headers';
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    this.#status = status;
    this.phase = 'body';
    if (status === 429 || status === 503) {
      const retryAfter = headers['retry-after'];
      this.#retryAfterMs = parseRetryAfter(Array.isArray(retryAfter) ? retryAfter[0] : retryAfter, Date.now());
    }
    const control = headers['webhook-delivery'];
    if (control === 'abort-message' || control === 'disable') this.#control = control;
    this.#owner.answering(this);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#readBytes < KEPT_BYTES) (this.#chunks ??= []).push(chunk.subarray(0, KEPT_BYTES - this.#readBytes));
    this.#readBytes += chunk.length;
    if (this.#readBytes <= READ_BYTES) return;
    this.#end(classifyStatus(this.#status as number), null);
    controller.abort(new Error('the rest of the answer is not read'));
  }

  onResponseEnd(): void {
    this.#end(classifyStatus(this.#status as number), null);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#end(classifyError(error), error);
  }

  #end(failure: FailureClass | null, error: Error | null): void {
    if (this.#ended) return;
    this.#ended = true;
    const result: AttemptResult = {
      startedAtMs: this.#startedAtMs,
      durationMs: Math.round((performance.now() - this.#started) * 10) / 10,
      status: this.#status,
      failure,
      error: error === null ? null : describeError(error),
      responseBody: this.#chunks === null ? null : keptText(this.#chunks, this.#readBytes > KEPT_BYTES),
      retryAfterMs: this.#retryAfterMs,
    };
    if (this.#control !== undefined) result.control = this.#control;
    this.#owner.ended(this, result);
  }
}

function keptText(chunks: Buffer[], cut: boolean): string | null {
  const text = (chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)).toString('utf8');
  // PostgreSQL takes no NUL in a text; the cut may have gone through a character.
  const clean = text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text;
  return (cut ? clean.replace(/\ufffd$/, '') : clean) || null;
}
