import type { ScriptReply } from '@hookline/redis';
import type { Answer, HeldCursor } from '@hookline/retry-schedule';

/** What the fenced scripts answer: `ok` and their own answer, or `stale` and the cursor that is held. */
export function readAnswer<T>([kind, ...rest]: ScriptReply[], read: (rest: ScriptReply[]) => T): Answer<T> {
  if (readText(kind) === 'ok') return { kind: 'ok', value: read(rest) };
  return { kind: 'stale', held: rest.length === 0 ? null : readCursor(rest) };
}

export function readCursor([incarnation, offset, appliedAtMs]: ScriptReply[]): HeldCursor {
  return { incarnation: readText(incarnation), offset: readNumber(offset), appliedAtMs: readNumber(appliedAtMs) };
}

export function inPairs<T>(list: ScriptReply[], read: (first: ScriptReply, second: ScriptReply) => T): T[] {
  return Array.from({ length: list.length / 2 }, (_, index) => read(list[2 * index]!, list[2 * index + 1]!));
}

export function readList(reply: ScriptReply): ScriptReply[] {
  if (!Array.isArray(reply)) throw new TypeError(`a script answered ${String(reply)}, not a list`);
  return reply;
}

export function readText(reply: ScriptReply | undefined): string {
  if (!Buffer.isBuffer(reply)) throw new TypeError(`a script answered ${String(reply)}, not a string`);
  return reply.toString('utf8');
}

export function readNumber(reply: ScriptReply | undefined): number {
  return Number(readText(reply));
}
