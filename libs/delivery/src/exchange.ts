import type { AttemptPhase, AttemptResult, AttemptTimings, DeliveryControl, FailureClass } from '@hookline/domain';
import type { Dispatcher } from 'undici';
import type { Connection } from './connection.ts';
import { Timed } from './deadlines.ts';
import { classifyError, classifyStatus, describeError, shutdownError } from './failure.ts';
import { keptHeaders, shownHeaders } from './headers.ts';
import type { Borrower } from './pools.ts';
import { parseRetryAfter } from './retry-after.ts';
import type { PlainRequest, Sending } from './sender.ts';

/** Of an answer's body, so much is read (then the connection is given up) and so much is kept. */
export const READ_BYTES = 64 * 1024;
export const KEPT_BYTES = 4 * 1024;

export interface ExchangeOwner {
  /** Once per exchange; the connection is not lent any more. */
  ended(exchange: Exchange, result: AttemptResult): void;
  /** The request goes out, at `sentAtMs`; the answer's headers have a deadline of their own. */
  sending(exchange: Exchange): void;
  /** The answer's headers are here; its body has a deadline of its own. */
  answering(exchange: Exchange): void;
  release(connection: Connection): void;
}

/**
 * One request and its answer, as undici's handler. A class, since there are tens of thousands a second and closures for each would
 * cost more than the signature does.
 */
export class Exchange extends Timed implements Dispatcher.DispatchHandler, Borrower, Sending {
  readonly settled: (result: AttemptResult) => void;
  readonly totalAtMs: number;
  /** When the request went out: at once where a connection was there. */
  sentAtMs: number;
  ended = false;
  readonly #owner: ExchangeOwner;
  readonly #request: PlainRequest;
  readonly #startedAtMs = Date.now();
  readonly #started = performance.now();
  #connection: Connection | null = null;
  #firstByteMs = 0;
  #status: number | null = null;
  #headers: Record<string, string | string[] | undefined> | null = null;
  #chunks: Buffer[] | null = null;
  #readBytes = 0;

  constructor(owner: ExchangeOwner, request: PlainRequest, settled: (result: AttemptResult) => void) {
    super();
    this.#owner = owner;
    this.#request = request;
    this.settled = settled;
    this.totalAtMs = this.#started + request.timeoutMs;
    this.sentAtMs = this.#started;
  }

  lent(connection: Connection): void {
    this.#connection = connection;
    const { path, headers, body } = this.#request;
    connection.client.dispatch({ method: this.#request.method ?? 'POST', path, headers, body }, this);
  }

  /** Breaks it off: nothing is sent any more if nothing was, and the connection is given up. */
  abort(error: Error = shutdownError()): void {
    if (this.ended) return;
    if (this.#connection !== null) this.#connection.retired = true;
    this.#end(classifyError(error), error);
  }

  /** What it waits for. */
  get phase(): AttemptPhase {
    if (this.#status !== null) return 'body';
    const phase = this.#connection === null ? 'connect' : (this.#connection.connecting?.phase ?? 'connected');
    return phase === 'connected' ? 'headers' : phase;
  }

  get waitsForProxy(): boolean {
    return this.#connection?.connecting?.atProxy === true;
  }

  onRequestStart(): void {
    if (this.ended) return;
    if (this.#connection?.connecting !== null) this.sentAtMs = performance.now();
    this.#owner.sending(this);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200 || this.ended) return;
    this.#status = status;
    this.#headers = headers;
    this.#firstByteMs = tenths(performance.now() - this.sentAtMs);
    // undici would make a new connection for the next request on this one.
    if (headers['connection'] === 'close') (this.#connection as Connection).retired = true;
    this.#owner.answering(this);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.ended) return;
    const keepBytes = this.#request.keepBytes ?? KEPT_BYTES;
    if (this.#readBytes < keepBytes) (this.#chunks ??= []).push(chunk.subarray(0, keepBytes - this.#readBytes));
    this.#readBytes += chunk.length;
    if (this.#readBytes <= READ_BYTES) return;
    // The rest of the answer is not read.
    (this.#connection as Connection).retired = true;
    this.#end(classifyStatus(this.#status as number), null);
  }

  onResponseEnd(): void {
    this.#end(classifyStatus(this.#status as number), null);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#end(classifyError(error), error);
  }

  #end(failure: FailureClass | null, error: Error | null): void {
    if (this.ended) return;
    const { phase } = this;
    this.ended = true;
    const result: AttemptResult = {
      startedAtMs: this.#startedAtMs,
      durationMs: tenths(performance.now() - this.#started),
      status: this.#status,
      failure,
      error: error === null ? null : describeError(error),
      responseBody: this.#chunks === null ? null : keptText(this.#chunks, this.#readBytes),
      retryAfterMs: this.#retryAfterMs(),
      timings: this.#timings(),
    };
    const said = this.#headers?.['webhook-delivery'];
    const control = said === undefined ? null : controlOf(said);
    if (control !== null) result.control = control;
    if (error !== null) result.phase = phase;
    if (failure !== null || this.#request.keepHeaders === true) {
      result.requestHeaders = shownHeaders(this.#request.headers);
      if (this.#headers !== null) result.responseHeaders = keptHeaders(this.#headers);
    }
    const connection = this.#connection;
    if (connection !== null) {
      connection.connecting = null;
      this.#owner.release(connection);
    }
    this.#owner.ended(this, result);
  }

  #timings(): AttemptTimings {
    const made = this.#connection?.connecting?.timings;
    if (this.#status === null) return made ?? {};
    return made === undefined ? { firstByteMs: this.#firstByteMs } : { ...made, firstByteMs: this.#firstByteMs };
  }

  #retryAfterMs(): number | null {
    if (this.#status !== 429 && this.#status !== 503) return null;
    const retryAfter = this.#headers?.['retry-after'];
    return parseRetryAfter(Array.isArray(retryAfter) ? retryAfter[0] : retryAfter, Date.now());
  }
}

/** In any case, like other words of HTTP; of several that an answer says, the one that goes further. */
function controlOf(said: string | string[]): DeliveryControl | null {
  const words = String(said)
    .toLowerCase()
    .trim()
    .split(/\s*,\s*/);
  return CONTROLS.find((control) => words.includes(control)) ?? null;
}

const CONTROLS: readonly DeliveryControl[] = ['disable', 'abort-message'];

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}

function keptText(chunks: Buffer[], readBytes: number): string | null {
  const bytes = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
  const text = bytes.toString('utf8');
  // PostgreSQL takes no NUL in a text; the cut may have gone through a character.
  const clean = text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text;
  return (readBytes > bytes.length ? clean.replace(/\ufffd$/, '') : clean) || null;
}
