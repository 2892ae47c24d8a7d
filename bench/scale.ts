import { sum } from './cpu.ts';
import { runDispatcher, startReceivers, withDeliverStage } from './deliver.ts';
import { atMostTimes, compare, type Figure, type Figures, type Pair } from './figure.ts';
import type { BenchStage } from './stage.ts';

const EVENTS = 40_000;
const PAIRS = 5;
const DISPATCHERS = 4;
/** Webhooks that match: the same in all of them, one for each event. */
const MATCHING = 10;

/** The same deliveries while ever more webhooks are registered that don't match, and shared by four dispatchers. */
export async function* benchScale(): Figures {
  yield* withDeliverStage((few) => withDeliverStage((many) => besideOthers(few, many)));
  yield* withDeliverStage((stage) => overDispatchers(stage), { copies: { dispatcher: DISPATCHERS } });
}

/** Two stages, so that a run with few webhooks is beside each with many. */
async function* besideOthers(few: BenchStage, many: BenchStage): Figures {
  const ofFew = { stage: few, ...(await addMatching(few)) };
  const ofMany = { stage: many, ...(await addMatching(many)) };
  const run = async ({ stage, receiver, types }: typeof ofFew) =>
    sum((await runDispatcher(stage, receiver, { events: EVENTS, types, fanOut: 1 })).bill, 'dispatcher');
  let others = MATCHING;
  for (const [name, total, bound] of [
    ['scale 1k webhooks', 1_000, null],
    ['scale 100k webhooks', 100_000, 1.1],
  ] as const) {
    await addOthers(many, others, total);
    others = total;
    const pairs: Pair[] = [];
    for (let pair = 0; pair < PAIRS; pair++) pairs.push({ bare: await run(ofFew), value: await run(ofMany) });
    const { value, bare, ratio } = compare(pairs);
    yield {
      bench: 'scale',
      name,
      value,
      unit: 'µs CPU/delivery',
      bare,
      ratio,
      cpuUs: value,
      ...(bound === null ? {} : atMostTimes(bound, ratio)),
      note: `beside ${MATCHING} webhooks`,
    };
  }
  yield await apart(
    () => run(ofFew),
    () => run(ofMany),
  );
}

/** What the machine makes of two that share nothing but its cores, to see what four that share topics cost beyond that. */
async function apart(first: () => Promise<number>, second: () => Promise<number>): Promise<Figure> {
  const pairs: Pair[] = [];
  const alone = async () => [await first(), await second()];
  const together = () => Promise.all([first(), second()]);
  const each = (both: readonly number[]) => (both[0]! + both[1]!) / 2;
  for (let pair = 0; pair < PAIRS; pair++) {
    if (pair % 2 === 0) pairs.push({ bare: each(await alone()), value: each(await together()) });
    else {
      const value = each(await together());
      pairs.push({ value, bare: each(await alone()) });
    }
  }
  const { value, bare, ratio } = compare(pairs);
  const note = 'each by itself; they share the two cores, and no topic';
  return { bench: 'scale', name: 'scale 2 apart', value, unit: 'µs CPU/delivery', bare, ratio, cpuUs: value, note };
}

/** All run, or only the first: the same topics either way, and as many events for each, since a process is slow while it is compiled. */
async function* overDispatchers(stage: BenchStage): Figures {
  const { receiver, types } = await addMatching(stage);
  const [first] = stage.platform.copies.filter(({ service }) => service === 'dispatcher');
  const pairs: Pair[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    const all = await runDispatcher(stage, receiver, { events: EVENTS * DISPATCHERS, types, fanOut: 1 });
    const alone = await runDispatcher(
      { ...stage, start: () => first!.start(), stop: async () => void (await first!.stop()) },
      receiver,
      { events: EVENTS, types, fanOut: 1 },
    );
    pairs.push({ value: sum(all.bill, 'dispatcher'), bare: sum(alone.bill, 'dispatcher') });
  }
  const { value, bare, ratio } = compare(pairs);
  yield {
    bench: 'scale',
    name: `scale ${DISPATCHERS} dispatchers`,
    value,
    unit: 'µs CPU/delivery',
    bare,
    ratio,
    cpuUs: value,
    ...atMostTimes(1.15, ratio),
    note: 'beside one',
  };
}

async function addMatching(stage: BenchStage) {
  const { receiver, ports } = await startReceivers(stage, MATCHING);
  const types = ports.map((_, index) => `scale.${index}`);
  await stage.addWebhooks(
    ports.map((port, index) => ({
      id: `wh_scale_${index}`,
      url: `http://127.0.0.1:${port}/`,
      eventTypes: [types[index] as string],
    })),
  );
  return { receiver, types };
}

/** Of the same tenant and of a hundred others, with exact types and prefixes that don't match. */
async function addOthers(stage: BenchStage, from: number, to: number): Promise<void> {
  await stage.addWebhooks(
    Array.from({ length: to - from }, (_, index) => {
      const number = from + index;
      return {
        id: `wh_other_${number}`,
        url: `http://127.0.0.1:9/${number}`,
        eventTypes: number % 2 === 0 ? [`other.${number}`] : [`prefix${number}.*`],
        ...(number % 3 === 0 ? {} : { tenant: `tenant-${number % 100}` }),
      };
    }),
  );
}
