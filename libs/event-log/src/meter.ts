import type { Backlog, Consumption, EventLog } from './event-log.ts';

/** What went through an event log, since `meterEventLog` was called. */
export interface EventLogMeter {
  /** Records that were acknowledged, by topic. */
  appended(): ReadonlyMap<string, number>;
  /** Records that were handed to handlers and followers, by topic. */
  received(): ReadonlyMap<string, number>;
  /** Records that were handed over and are neither acknowledged nor given up. */
  appending(): number;
  /** Of all consumptions that are open. */
  backlog(): Backlog[];
}

/** The same event log, counting: per call and per batch a few additions of whole numbers. Whoever closes it closes the one it was given. */
export function meterEventLog(log: EventLog): { eventLog: EventLog; meter: EventLogMeter } {
  const appended = new Map<string, number>();
  const received = new Map<string, number>();
  const consumptions = new Set<Consumption>();
  let appending = 0;

  const eventLog: EventLog = {
    ...log,

    async append(records, options) {
      appending += records.length;
      try {
        const positions = await log.append(records, options);
        for (const { topic } of records) add(appended, topic, 1);
        return positions;
      } finally {
        appending -= records.length;
      }
    },

    async consume(options) {
      const { handler } = options;
      const consumption = await log.consume({
        ...options,
        handler: {
          ...handler,
          received(batch) {
            add(received, batch.topic, batch.records.length);
            return handler.received(batch);
          },
        },
      });
      consumptions.add(consumption);
      return {
        ...consumption,
        async close() {
          await consumption.close();
          consumptions.delete(consumption);
        },
      };
    },

    follow: (options) =>
      log.follow({
        ...options,
        received(records) {
          add(received, options.topic, records.length);
          return options.received(records);
        },
      }),
  };

  return {
    eventLog,
    meter: {
      appended: () => appended,
      received: () => received,
      appending: () => appending,
      backlog: () => [...consumptions].flatMap((consumption) => consumption.backlog()),
    },
  };
}

function add(counts: Map<string, number>, topic: string, count: number): void {
  counts.set(topic, (counts.get(topic) ?? 0) + count);
}
