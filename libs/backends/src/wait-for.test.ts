import { Unavailable } from '@hookline/domain';
import { createLog } from '@hookline/service-kit';
import { createManualClock } from '@hookline/testkit';
import { expect, test } from '@jest/globals';
import { createWaitFor, Unprepared } from './wait-for.ts';

const DATABASE = { store: 'the database', trust: 'a setting' };
const EVENT_LOG = { store: 'the event log', trust: 'a setting' };
const WITHIN_MS = 60_000;
const LONG_MS = 1_000_000;

function scene(withinMs = WITHIN_MS) {
  const time = createManualClock();
  const lines: unknown[] = [];
  const log = createLog('test', 'info', { write: (line) => void lines.push(JSON.parse(line)) });
  const waitFor = createWaitFor({ withinMs, log, time });

  /** A question that fails until then. */
  const until = (atMs: number, error: Error) => async () => {
    if (time.now() < atMs) throw error;
    return 'an answer';
  };

  /** How a start ended, and when. */
  async function outcomeOf(start: () => Promise<unknown>) {
    const ended = start().then(
      (answer) => ({ answer, atMs: time.now() }),
      (error: unknown) => ({ error, atMs: time.now() }),
    );
    await time.advance(LONG_MS);
    return ended;
  }

  return { lines, outcomeOf, time, until, waitFor };
}

test.each<[string, Error, Error]>([
  [
    'are away',
    new Unavailable('away'),
    new Unavailable('the event log could not be reached within 60 s: away', { cause: new Unavailable('away') }),
  ],
  ['lack something', new Unprepared('run it'), new Unprepared('run it')],
])('stores that %s have one deadline together', async (_what, reason, error) => {
  const { outcomeOf, until, waitFor } = scene();
  const outcome = await outcomeOf(async () => {
    await waitFor(DATABASE, until(40_000, reason));
    await waitFor(EVENT_LOG, until(LONG_MS, reason));
  });
  expect(outcome).toEqual({ error, atMs: WITHIN_MS });
});

test('a store that comes before the deadline has passed is in time', async () => {
  const { lines, outcomeOf, until, waitFor } = scene();
  const outcome = await outcomeOf(async () => {
    await waitFor(DATABASE, until(40_000, new Unprepared('run it')));
    return waitFor(EVENT_LOG, until(59_000, new Unprepared('run it')));
  });
  expect(outcome).toEqual({ answer: 'an answer', atMs: 59_000 });
  expect(lines).toMatchObject([
    { event: 'stores.unprepared', store: 'the database', forMs: 60_000 },
    { event: 'stores.unprepared', store: 'the event log', forMs: 20_000 },
  ]);
});

test('what a store that answers takes for its work is no waiting', async () => {
  const { outcomeOf, time, until, waitFor } = scene();
  const outcome = await outcomeOf(async () => {
    await waitFor(DATABASE, () => time.sleep(600_000));
    return waitFor(EVENT_LOG, until(650_000, new Unavailable('away')));
  });
  expect(outcome).toEqual({ answer: 'an answer', atMs: 650_000 });
});

test('without patience each is asked once', async () => {
  const { lines, outcomeOf, until, waitFor } = scene(0);
  const error = new Unprepared('run it');
  expect(await outcomeOf(() => waitFor(DATABASE, until(1, error)))).toEqual({ error, atMs: 0 });
  expect(lines).toEqual([]);
});
