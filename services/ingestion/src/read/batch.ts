import { elementSlices, memberSlice } from '@hookline/contracts';
import { EVENT_LIMITS, HooklineError } from '@hookline/domain';
import type { Acceptance, ParsedEvent } from './build-event.ts';
import { readStructuredEvent } from './cloud-event.ts';
import { parseJson, requireObject } from './json-body.ts';
import { readNativeEvent } from './native-event.ts';
import { invalid, pointerBelow } from './problems.ts';

export const MAX_BATCH_EVENTS = 1_000;
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
  return readAll(members['events'], memberSlice(text, 'events') ?? '[]', '/events', (event, slice, pointer) =>
    readNativeEvent(event, slice, acceptance, pointer),
  );
}

/** CloudEvents' JSON batch format. @throws InvalidInput if the body is not that */
export function parseCloudEvents(body: Buffer, acceptance: Acceptance): BatchItem[] {
  const { text, value } = parseJson(body);
  return readAll(value, text, '', (event, slice, pointer) => readStructuredEvent(event, slice, acceptance, pointer));
}

function readAll(
  events: unknown,
  text: string,
  pointer: string,
  read: (event: unknown, slice: string, pointer: string) => ParsedEvent,
): BatchItem[] {
  if (!Array.isArray(events)) throw invalid(pointer, 'A batch is a list of events.', 'must be a list');
  if (events.length === 0 || events.length > MAX_BATCH_EVENTS) {
    const detail = `must have 1 to ${MAX_BATCH_EVENTS} events`;
    throw invalid(pointer, `A batch ${detail}.`, detail);
  }
  const slices = elementSlices(text);
  return events.map((event: unknown, index): BatchItem => {
    try {
      return read(event, slices[index]!, `${pointer}/${index}`);
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
