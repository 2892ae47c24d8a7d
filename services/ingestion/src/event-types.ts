import { setTimeout as sleep } from 'node:timers/promises';
import { decodeEventType, eventTypeKey, TOPIC, type EventTypeRule } from '@hookline/contracts';
import { InvalidInput, MISMATCHED, QUARANTINED, SCHEMA_MARK, type Problem } from '@hookline/domain';
import type { EventLog, Following, LogRecord } from '@hookline/event-log';
import { compileSchema, type CompiledSchema } from '@hookline/event-schemas';
import type { Log } from '@hookline/service-kit';
import type { IngestionMetrics } from './metrics.ts';
import { withMetadata, type ParsedEvent } from './read/build-event.ts';

/** What the catalogue asks of events, as it is in `webhook.event-types`. */
export interface EventTypes {
  /** Resolves when what was published so far is known, or when that takes too long. */
  start(): Promise<void>;
  /**
   * The event as it is to be published: as it is, marked, or marked so that it is delivered to nobody. Events that were accepted before their type's
   * change was read here are not checked again.
   * @throws InvalidInput, code schema_mismatch, where its type's schema says so
   * @throws TooLarge if there is no room for the mark
   */
  checked(parsed: ParsedEvent): ParsedEvent;
  close(): Promise<void>;
}

export interface EventTypesDeps {
  eventLog: Pick<EventLog, 'follow' | 'endOffsets'>;
  log: Log;
  metrics: IngestionMetrics;
  fail: (error: Error) => void;
}

interface Known {
  version: number;
  rule: EventTypeRule;
  /** Compiled when first needed. */
  check: Extract<CompiledSchema, { kind: 'compiled' }>['check'] | null | undefined;
}

const START_PATIENCE_MS = 10_000;
const POLL_MS = 10;
/** Types that ask for nothing any more, of which an older rule that comes late is known as such; beyond that the oldest are forgotten. */
const MAX_DROPPED = 10_000;

export function createEventTypes({ eventLog, log, metrics, fail }: EventTypesDeps): EventTypes {
  const known = new Map<string, Known>();
  /** Their versions. */
  const dropped = new Map<string, number>();
  let following: Following | undefined;

  async function received(records: LogRecord[]): Promise<void> {
    for (const record of records) {
      const decoded = decodeEventType(record);
      if (decoded.kind === 'unreadable') {
        // It stays in the topic, where every start of every copy meets it.
        log.error({ topic: record.topic, offset: record.offset, reason: decoded.reason }, 'event-type.unreadable');
        continue;
      }
      const { key, version } = decoded;
      if ((known.get(key)?.version ?? dropped.get(key) ?? -1) >= version) continue;
      dropped.delete(key);
      if (decoded.kind === 'rule') known.set(key, { version, rule: decoded.rule, check: undefined });
      else drop(key, version);
    }
  }

  function drop(key: string, version: number): void {
    known.delete(key);
    dropped.set(key, version);
    if (dropped.size > MAX_DROPPED) dropped.delete(dropped.keys().next().value as string);
  }

  function compiled(type: Known, name: string): Known['check'] {
    if (type.check !== undefined) return type.check;
    const result = compileSchema(JSON.parse(type.rule.schema));
    // One that a newer registry let through.
    if (result.kind === 'invalid') log.error({ type: name, problems: result.problems }, 'event-type.unusable');
    return (type.check = result.kind === 'compiled' ? result.check : null);
  }

  return {
    async start() {
      following = await eventLog.follow({ topic: TOPIC.eventTypes, received, onFailure: fail });
      const ends = await eventLog.endOffsets(TOPIC.eventTypes);
      const lateAt = performance.now() + START_PATIENCE_MS;
      const isBehind = () => ends.some((end, partition) => (following?.position()[partition] ?? 0) < end);
      while (isBehind() && performance.now() < lateAt) await sleep(POLL_MS);
      if (isBehind()) log.warn({ topic: TOPIC.eventTypes }, 'event-types.behind');
    },

    checked(parsed) {
      const { event, pointerTo } = parsed;
      const type = known.get(eventTypeKey(event.tenant, event.type));
      if (type === undefined) return parsed;
      const { onMismatch } = type.rule;
      const problem = problemOf(event.data, pointerTo('data'), compiled(type, event.type));
      if (problem === null) return parsed;
      metrics.mismatched.inc({ action: onMismatch });
      if (onMismatch === 'reject') throw mismatch(event.type, problem);
      const mark = onMismatch === 'tag' ? MISMATCHED : QUARANTINED;
      return withMetadata(parsed, { ...event.metadata, [SCHEMA_MARK]: mark });
    },

    close: async () => following?.close(),
  };
}

function problemOf(data: Buffer, pointer: string, check: Known['check']): Problem | null {
  if (!check) return null;
  let value: unknown;
  try {
    value = JSON.parse(data.toString('utf8'));
  } catch {
    return { pointer, detail: 'must be JSON' };
  }
  return check(value, pointer);
}

function mismatch(type: string, problem: Problem): InvalidInput {
  return new InvalidInput(`The data does not fit the schema of ${type}.`, {
    code: 'schema_mismatch',
    problems: [problem],
  });
}
