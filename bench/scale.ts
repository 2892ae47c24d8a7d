import { sum } from './cpu.ts';
import { runDispatcher, startReceivers, withDeliverStage } from './deliver.ts';
import { atMostTimes, compare, type Figure, type Pair } from './figure.ts';
import type { BenchStage } from './stage.ts';

const EVENTS = 40_000;
const PAIRS = 5;
/** Webhooks that match: the same in all of them, one for each event. */
const MATCHING = 10;

/** The same deliveries while ever more webhooks are registered that don't match, and shared by four dispatchers. */
export async function benchScale(): Promise<Figure[]> {
  return [
    ...(await withDeliverStage((stage) => besideOthers(stage))),
    ...(await withDeliverStage((stage) => overDispatchers(stage), { copies: { dispatcher: 4 } })),
  ];
}

async function besideOthers(stage: BenchStage): Promise<Figure[]> {
  const { receiver, types } = await addMatching(stage);
  const run = async () =>
    sum((await runDispatcher(stage, receiver, { events: EVENTS, types, fanOut: 1 })).bill, 'dispatcher');
  const few: number[] = [];
  for (let pair = 0; pair < PAIRS; pair++) few.push(await run());
  const figures: Figure[] = [];
  let others = MATCHING;
  for (const [name, total, bound] of [
    ['scale 1k webhooks', 1_000, null],
    ['scale 100k webhooks', 100_000, 1.1],
  ] as const) {
    await addOthers(stage, others, total);
    others = total;
    const pairs: Pair[] = [];
    for (let pair = 0; pair < PAIRS; pair++) pairs.push({ value: await run(), bare: few[pair] as number });
    const { value, bare, ratio } = compare(pairs);
    figures.push({
      bench: 'scale',
      name,
      value,
      unit: 'µs CPU/delivery',
      bare,
      ratio,
      cpuUs: value,
      ...(bound === null ? {} : atMostTimes(bound, ratio)),
      note: `beside ${MATCHING} webhooks`,
    });
  }
  return figures;
}

/** All four run, or only the first: the same topics either way. */
async function overDispatchers(stage: BenchStage): Promise<Figure[]> {
  const { receiver, types } = await addMatching(stage);
  const [first, ...others] = stage.platform.copies.filter(({ service }) => service === 'dispatcher');
  const pairs: Pair[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    const all = await runDispatcher(stage, receiver, { events: EVENTS, types, fanOut: 1 });
    const alone = await runDispatcher(
      { ...stage, start: () => first!.start(), stop: async () => void (await first!.stop()) },
      receiver,
      { events: EVENTS, types, fanOut: 1 },
    );
    pairs.push({ value: sum(all.bill, 'dispatcher'), bare: sum(alone.bill, 'dispatcher') });
  }
  const { value, bare, ratio } = compare(pairs);
  return [
    {
      bench: 'scale',
      name: 'scale 4 dispatchers',
      value,
      unit: 'µs CPU/delivery',
      bare,
      ratio,
      cpuUs: value,
      ...atMostTimes(1.15, ratio),
      note: `${others.length + 1} dispatchers beside one`,
    },
  ];
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
