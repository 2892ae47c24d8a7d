/**
 * Which offsets above the one to go on from are done already, in few bytes: kept with a group's commit, so that whoever reads on leaves them out.
 * Runs of offsets, alternately open and done, begin at that offset with an open one and end with a done one.
 *
 * The text is `hl1r` (lengths of the runs) or `hl1b` (a bit for each offset, 1: done), whichever is shorter, with base64 of the offset and that;
 * numbers are varints. Anything else is somebody else's and says nothing.
 */
export type Runs = readonly number[];

const RUNS = 'hl1r';
const BITS = 'hl1b';

/**
 * What does not fit into `mostChars` is left out from the top: those offsets are read again then.
 * @returns '' where there is nothing to say
 */
export function encodeDoneMap(from: number, runs: Runs, mostChars: number): string {
  if (runs.length === 0) return '';
  const mostBytes = Math.floor((mostChars - RUNS.length) / 4) * 3;
  const start = varints([from]);
  const length = runs.reduce((sum, run) => sum + run, 0);
  const byRuns = cutRuns(runs, mostBytes - start.length);
  const runsSayAll = byRuns.offsets === length;
  if (runsSayAll && byRuns.bytes.length <= Math.ceil(length / 8)) return textOf(RUNS, start, byRuns.bytes);
  const byBits = bitsOf(runs, length, mostBytes - start.length);
  const bitsAreBetter =
    byBits.offsets === byRuns.offsets ? byBits.bytes.length < byRuns.bytes.length : byBits.offsets > byRuns.offsets;
  return bitsAreBetter ? textOf(BITS, start, byBits.bytes) : textOf(RUNS, start, byRuns.bytes);
}

function textOf(kind: string, start: Buffer, body: Buffer): string {
  return body.length === 0 ? '' : kind + Buffer.concat([start, body]).toString('base64');
}

/** @returns no runs for a text that is not ours, or of another offset */
export function decodeDoneMap(from: number, text: string): number[] {
  const kind = text.slice(0, RUNS.length);
  if (kind !== RUNS && kind !== BITS) return [];
  const bytes = Buffer.from(text.slice(kind.length), 'base64');
  const start = readVarint(bytes, 0);
  if (start === null || start.value !== from) return [];
  const body = bytes.subarray(start.next);
  return (kind === RUNS ? runsOfLengths(body) : runsOfBits(body)) ?? [];
}

interface Cut {
  bytes: Buffer;
  /** How many offsets it speaks of. */
  offsets: number;
}

function cutRuns(runs: Runs, mostBytes: number): Cut {
  let size = 0;
  let offsets = 0;
  let count = 0;
  for (let index = 0; index + 1 < runs.length; index += 2) {
    size += varintSize(runs[index]!) + varintSize(runs[index + 1]!);
    if (size > mostBytes) break;
    offsets += runs[index]! + runs[index + 1]!;
    count = index + 2;
  }
  return { bytes: varints(runs.slice(0, count)), offsets };
}

function bitsOf(runs: Runs, length: number, mostBytes: number): Cut {
  const offsets = Math.min(length, Math.max(0, mostBytes) * 8);
  const bytes = Buffer.alloc(Math.ceil(offsets / 8));
  let at = 0;
  for (let index = 0; index < runs.length && at < offsets; index++) {
    const end = Math.min(at + runs[index]!, offsets);
    if (index % 2 === 1) for (let bit = at; bit < end; bit++) bytes[bit >> 3]! |= 1 << (bit & 7);
    at = end;
  }
  return { bytes, offsets };
}

function runsOfLengths(bytes: Buffer): number[] | null {
  const runs: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const read = readVarint(bytes, at);
    if (read === null || read.value === 0) return null;
    runs.push(read.value);
    at = read.next;
  }
  return runs.length % 2 === 0 ? runs : null;
}

function runsOfBits(bytes: Buffer): number[] {
  const runs: number[] = [];
  let length = 0;
  let done = false;
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    if (((bytes[bit >> 3]! >> (bit & 7)) & 1) === Number(done)) {
      length++;
      continue;
    }
    runs.push(length);
    length = 1;
    done = !done;
  }
  if (done) runs.push(length);
  // The first offset is the one to go on from: a map that calls it done is none of ours.
  return runs[0] === 0 ? [] : runs;
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) size++;
  return size;
}

function varints(values: Runs): Buffer {
  const bytes: number[] = [];
  for (const value of values) {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
    bytes.push(rest);
  }
  return Buffer.from(bytes);
}

function readVarint(bytes: Buffer, at: number): { value: number; next: number } | null {
  let value = 0;
  let factor = 1;
  for (let next = at; next < bytes.length && factor <= 2 ** 49; next++) {
    const byte = bytes[next]!;
    value += (byte & 127) * factor;
    if (byte < 128) return Number.isSafeInteger(value) ? { value, next: next + 1 } : null;
    factor *= 128;
  }
  return null;
}
