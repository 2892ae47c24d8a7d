import { Counter, Gauge, type Registry } from 'prom-client';

/** What there is to show of a service's use of the event log. */
export interface EventLogFigures {
  /** Records acknowledged, by topic. */
  appended(): Iterable<readonly [string, number]>;
  /** Records received, by topic. */
  received(): Iterable<readonly [string, number]>;
  appending(): number;
  /** Of each partition. */
  backlog(): readonly { topic: string; records: number; oldestAtMs: number | null }[];
}

/** Metrics that are read off those figures when somebody asks for them: nothing is done for them meanwhile. */
export function createEventLogMetrics(metrics: Registry, figures: EventLogFigures, now: () => number) {
  const registers = [metrics];
  const labelNames = ['topic'];
  return {
    produced: new Counter({
      name: 'webhook_kafka_messages_produced_total',
      help: 'Records that the event log acknowledged',
      labelNames,
      registers,
      collect() {
        setCounts(this, figures.appended());
      },
    }),
    consumed: new Counter({
      name: 'webhook_kafka_messages_consumed_total',
      help: 'Records read',
      labelNames,
      registers,
      collect() {
        setCounts(this, figures.received());
      },
    }),
    producing: new Gauge({
      name: 'webhook_kafka_produce_queue_depth',
      help: 'Records handed to the event log and not acknowledged yet',
      registers,
      collect() {
        this.set(figures.appending());
      },
    }),
    lag: new Gauge({
      name: 'webhook_kafka_consumer_lag',
      help: 'Records of the partitions that this copy has that are not processed yet',
      labelNames,
      registers,
      collect() {
        this.reset();
        for (const { topic, records } of figures.backlog()) this.inc({ topic }, records);
      },
    }),
    age: new Gauge({
      name: 'webhook_kafka_oldest_record_age_seconds',
      help: 'How long ago the oldest record that this copy has not processed yet was appended; 0 where all are',
      labelNames,
      registers,
      collect() {
        this.reset();
        for (const [topic, seconds] of oldestAges(figures.backlog(), now())) this.set({ topic }, seconds);
      },
    }),
  };
}

function setCounts(counter: Counter, counts: Iterable<readonly [string, number]>): void {
  counter.reset();
  for (const [topic, count] of counts) counter.inc({ topic }, count);
}

/** In seconds, by topic. */
function oldestAges(backlog: ReturnType<EventLogFigures['backlog']>, nowMs: number): Map<string, number> {
  const ages = new Map<string, number>();
  for (const { topic, oldestAtMs } of backlog) {
    // A producer's clock may be ahead of ours.
    const age = oldestAtMs === null ? 0 : Math.max(0, (nowMs - oldestAtMs) / 1_000);
    ages.set(topic, Math.max(age, ages.get(topic) ?? 0));
  }
  return ages;
}
