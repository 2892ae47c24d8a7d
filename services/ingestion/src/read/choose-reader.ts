import type { IncomingHttpHeaders } from 'node:http';
import { MAX_BATCH_BYTES, parseBatch, parseCloudEvents, type BatchItem } from './batch.ts';
import type { Acceptance, ParsedEvent } from './build-event.ts';
import { parseStructuredEvent, readBinaryEvent } from './cloud-event.ts';
import { MAX_BODY_BYTES, parseEvent } from './native-event.ts';

/** How the events of a request are read. Both throw InvalidInput, or TooLarge, if the body as a whole is not as it must be. */
export type Reader = SingleReader | BatchReader;

export interface SingleReader {
  kind: 'single';
  maxBytes: number;
  read(body: Buffer, acceptance: Acceptance, headers: IncomingHttpHeaders): ParsedEvent;
}

export interface BatchReader {
  kind: 'batch';
  maxBytes: number;
  read(body: Buffer, acceptance: Acceptance): BatchItem[];
}

const NATIVE: Reader = { kind: 'single', maxBytes: MAX_BODY_BYTES, read: parseEvent };
const NATIVE_BATCH: Reader = { kind: 'batch', maxBytes: MAX_BATCH_BYTES, read: parseBatch };
const BINARY: Reader = {
  kind: 'single',
  maxBytes: MAX_BODY_BYTES,
  read: (body, acceptance, headers) => readBinaryEvent(headers, body, acceptance),
};
const STRUCTURED: Reader = {
  kind: 'single',
  // As base64 it takes a third more.
  maxBytes: Math.ceil((MAX_BODY_BYTES * 4) / 3),
  read: parseStructuredEvent,
};
const BATCHED: Reader = { kind: 'batch', maxBytes: MAX_BATCH_BYTES, read: parseCloudEvents };

/** By what a request says of its body; null: nothing that is taken here. */
export function chooseReader(headers: IncomingHttpHeaders, isBatch: boolean): Reader | null {
  const contentType = headers['content-type'] ?? '';
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') return null;
  if (contentType === 'application/json' || isUtf8Type(JSON_TYPE, contentType)) {
    if (isBatch) return NATIVE_BATCH;
    return isBinaryMode(headers) ? BINARY : NATIVE;
  }
  if (isBatch) return null;
  if (isUtf8Type(STRUCTURED_TYPE, contentType)) return STRUCTURED;
  if (isUtf8Type(BATCHED_TYPE, contentType)) return BATCHED;
  // Other formats of CloudEvents.
  if (/^application\/cloudevents/i.test(contentType)) return null;
  return isBinaryMode(headers) ? BINARY : null;
}

function isBinaryMode(headers: IncomingHttpHeaders): boolean {
  return (
    headers['ce-specversion'] !== undefined ||
    headers['ce-id'] !== undefined ||
    headers['ce-type'] !== undefined ||
    headers['ce-source'] !== undefined
  );
}

const JSON_TYPE = /^application\/json$/i;
const STRUCTURED_TYPE = /^application\/cloudevents\+json$/i;
const BATCHED_TYPE = /^application\/cloudevents-batch\+json$/i;
const PARAMETERS = /^[ \t]*(?:charset="?utf-8"?[ \t]*)?;?$/i;

/** Without parameters, or with `charset=utf-8`. */
function isUtf8Type(type: RegExp, contentType: string): boolean {
  const at = contentType.indexOf(';');
  if (at < 0) return type.test(contentType.trimEnd());
  return type.test(contentType.slice(0, at).trimEnd()) && PARAMETERS.test(contentType.slice(at + 1));
}
