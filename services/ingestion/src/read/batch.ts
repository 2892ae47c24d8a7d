import { firstValueAt, memberOfEach } from '@hookline/contracts';
import { MAX_BATCH_EVENTS } from '@hookline/contracts/api';
import { EVENT_LIMITS, HooklineError } from '@hookline/domain';
import type { Acceptance, ParsedEvent } from './build-event.ts';
import { readStructuredEvent } from './cloud-event.ts';
import { parseJson, requireObject } from './json-body.ts';
import { readNativeEvent } from './native-event.ts';
import { invalid, pointerBelow } from './problems.ts';

export const MAX_BATCH_BYTES = 4 * 1024 * 1024;

/** One of a batch that is no event; the others are not concerned. */
export interface Refused {
  /** As the client gave it, where that can be an id. */
  id: string | null;
  error: HooklineError;
}

export type BatchItem = ParsedEvent | Refused;

/** `{"events": [...]}`, each in our own form. @throws InvalidInput if the body is not that */
export function parseBatch(body: Buffer, acceptance: Acceptance): BatchItem[] {
  const { text, value } = parseJson(body);
  const members = requireObject(value, '');
  const others = Object.keys(members).filter((name) => name !== 'events');
  if (others.length > 0) throw invalid(pointerBelow('')(others[0]!), 'A batch is {"events": [...]}.', 'unknown field');
  const { events } = members;
  checkList(events, '/events');
  const { members: data, end } = memberOfEach(text, firstValueAt(text), 'data');
  // JSON.parse takes the last of several.
  if (text.slice(end).trim() !== '}') throw invalid('/events', 'A batch has one list of events.', 'must be given once');
  return readAll(events, data, '/events', (event, dataText, pointer) =>
    readNativeEvent(event, dataText, acceptance, pointer),
  );
}

/** CloudEvents' JSON batch format. @throws InvalidInput if the body is not that */
export function parseCloudEvents(body: Buffer, acceptance: Acceptance): BatchItem[] {
  const { text, value } = parseJson(body);
  checkList(value, '');
  const { members: data } = memberOfEach(text, text.indexOf('['), 'data');
  return readAll(value, data, '', (event, dataText, pointer) =>
    readStructuredEvent(event, dataText, acceptance, pointer),
  );
}

function checkList(events: unknown, pointer: string): asserts events is unknown[] {
  if (!Array.isArray(events)) throw invalid(pointer, 'A batch is a list of events.', 'must be a list');
  if (events.length > 0 && events.length <= MAX_BATCH_EVENTS) return;
  const detail = `must have 1 to ${MAX_BATCH_EVENTS} events`;
  throw invalid(pointer, `A batch ${detail}.`, detail);
}

type ReadOne = (event: Record<string, unknown>, dataText: string | undefined, pointer: string) => ParsedEvent;

/** @param data of each event, as it stands in the text */
function readAll(
  events: readonly unknown[],
  data: readonly (string | undefined)[],
  pointer: string,
  read: ReadOne,
): BatchItem[] {
  return events.map((event, index): BatchItem => {
    const at = `${pointer}/${index}`;
    try {
      return read(requireObject(event, at), data[index], at);
    } catch (error) {
      if (error instanceof HooklineError) return { id: idOf(event), error };
      throw error;
    }
  });
}

function idOf(event: unknown): string | null {
  const id: unknown = typeof event === 'object' && event !== null ? Reflect.get(event, 'id') : null;
  return typeof id === 'string' && id.length <= EVENT_LIMITS.id ? id : null;
}
