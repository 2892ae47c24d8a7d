import { describe, expect, jest, test } from '@jest/globals';
import type { AttemptResult } from '@hookline/domain';
import { createEngine, type EngineLimits, type Job, type OutgoingRequest } from './index.ts';

interface TestJob extends Job {
  name: string;
}

const OK: AttemptResult = {
  startedAtMs: 0,
  durationMs: 1,
  status: 200,
  failure: null,
  error: null,
  responseBody: null,
  retryAfterMs: null,
};

const NOTHING = {
  waiting: 0,
  waitingBytes: 0,
  inFlight: 0,
  settling: 0,
  repeats: 0,
  places: { quick: 0, unknown: 0, slow: 0 },
};

describe('engine', () => {
  test('webhooks are served in turn', () => {
    const { submit, started, finish } = scene({ maxInFlight: 1 });
    for (const name of ['a0', 'b0', 'c0']) {
      submit(name);
      finish(name);
    }
    for (const name of ['a1', 'a2', 'a3', 'b1', 'b2', 'c1']) submit(name);
    while (started.length < 9) finish(started.at(-1) as string);
    expect(started.slice(3)).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
  });

  test('a webhook never has more in flight than its limit, and what ends makes place', () => {
    const { submit, started, finish, engine } = scene({}, 'at once', 2);
    for (const name of ['a1', 'a2', 'a3', 'a4', 'b1']) submit(name);
    expect(started).toEqual(['a1', 'a2', 'b1']);
    finish('a2');
    expect(started).toEqual(['a1', 'a2', 'b1', 'a3']);
    expect(engine.counts()).toMatchObject({ waiting: 1, inFlight: 3 });
  });

  test('however many webhooks hang, places stay free for the others', () => {
    const { submit, started, engine } = scene({ maxInFlight: 256 }, 'at once', 32);
    for (let webhook = 0; webhook < 30; webhook++) {
      for (let job = 0; job < 40; job++) submit(`${String.fromCharCode(97 + webhook)}${job}`);
    }
    expect(engine.counts().inFlight).toBeLessThan(256);
    submit('Z1');
    expect(started.at(-1)).toBe('Z1');
  });

  test('a queue that its owner does not admit stands still until it is woken, and holds up nobody', () => {
    const { submit, started, finish, engine, held } = scene({ maxInFlight: 1 });
    held.add('a');
    for (const name of ['a1', 'a2', 'b1', 'b2']) submit(name);
    finish('b1');
    finish('b2');
    expect([started, engine.counts().waiting]).toEqual([['b1', 'b2'], 2]);
    engine.wake('a');
    expect(started).toHaveLength(2);
    held.delete('a');
    engine.wake('a');
    finish('a1');
    expect(started).toEqual(['b1', 'b2', 'a1', 'a2']);
  });

  test('the owner is asked anew once all that a queue was held for has left', async () => {
    const { submit, started, shed, engine, held } = scene({});
    submit('a1');
    held.add('a');
    submit('a2');
    engine.deferWaiting('a');
    for (let looks = 0; shed.length === 0 && looks < 5_000; looks++) await tick();
    held.delete('a');
    submit('a3');
    expect([started, shed]).toEqual([['a1', 'a3'], ['a2']]);
  });

  test('an urgent one goes first, also where the others are held or put off', () => {
    const { submit, submitUrgent, started, engine, held, finish } = scene({});
    submit('a1');
    held.add('a');
    submit('a2');
    submit('a3');
    submitUrgent('a4');
    expect([started, engine.counts().waiting]).toEqual([['a1', 'a4'], 2]);
    held.delete('a');
    engine.wake('a');
    finish('a1');
    expect(started).toEqual(['a1', 'a4', 'a2', 'a3']);
  });

  test('the owner is asked again where nothing has woken a queue for a minute, until the engine is closed', () => {
    jest.useFakeTimers();
    try {
      const { submit, started, engine, held } = scene({});
      for (const webhook of ['a', 'b', 'c']) held.add(webhook);
      submit('a1');
      submit('b1');
      held.delete('a');
      jest.advanceTimersByTime(59_000);
      submit('c1');
      held.delete('c');
      jest.advanceTimersByTime(20_000);
      expect(started).toEqual(['a1']);
      held.delete('b');
      jest.advanceTimersByTime(120_000);
      expect(started.toSorted()).toEqual(['a1', 'b1', 'c1']);
      engine.close();
      expect(jest.getTimerCount()).toBeLessThanOrEqual(1);
    } finally {
      jest.useRealTimers();
    }
  });

  test('what is deferred is shed at once, and still there is one of a delivery', () => {
    const { submit, defer, started, shed, repeated, settle, finish } = scene({}, 'by hand');
    defer('a1');
    submit('a1');
    submit('b1');
    defer('b1');
    expect([started, shed]).toEqual([['b1'], ['a1']]);
    settle('a1');
    finish('b1');
    settle('b1');
    expect(repeated).toEqual(['a1 after a1', 'b1 after b1']);
  });

  test('a whole queue is shed oldest first, a part at a time, and no faster than it becomes durable', async () => {
    const { submit, shed, engine, held, settle } = scene({ maxSettling: 40 }, 'by hand');
    held.add('a');
    for (let job = 0; job < 50; job++) submit(`a${job}`);
    engine.deferWaiting('a');
    expect(shed).toEqual([]);
    for (let looks = 0; shed.length < 20 && looks < 5_000; looks++) await tick();
    await tick();
    expect(shed).toHaveLength(20);
    submit('b1');
    for (let done = 0; done < 50; done++) {
      for (let looks = 0; shed.length <= done && looks < 5_000; looks++) await tick();
      settle(`a${done}`);
    }
    expect(shed).toEqual(Array.from({ length: 50 }, (_, job) => `a${job}`));
  });

  test('what has not been shed of a queue when it is woken stays, and is sent', async () => {
    const { submit, started, finish, shed, engine, held } = scene({}, 'at once', 50);
    held.add('a');
    for (let job = 0; job < 20; job++) submit(`a${job}`);
    engine.deferWaiting('a');
    for (let looks = 0; shed.length === 0 && looks < 5_000; looks++) await tick();
    held.delete('a');
    engine.wake('a');
    expect(shed.length).toBeLessThan(20);
    for (let sent = 0; sent < 20 - shed.length; sent++) finish(started[sent] as string);
    expect([...shed, ...started].toSorted()).toEqual(Array.from({ length: 20 }, (_, job) => `a${job}`).toSorted());
  });

  test('a larger request takes several places', () => {
    const { submit, engine } = scene({ maxInFlight: 16 });
    for (const webhook of ['a', 'b', 'c', 'd', 'e', 'f']) submit(`${webhook}1`, 200_000);
    // Of webhooks that have not answered yet, twelve places; each takes four, and the last may go beyond.
    expect(engine.counts()).toMatchObject({ inFlight: 3, places: { unknown: 12 } });
  });

  test('a webhook that stops answering gets less, and what it has counts as slow', async () => {
    const { submit, started, finish, engine } = scene({ maxInFlight: 64 });
    for (let round = 0; round < 3; round++) {
      submit(`a${round}`);
      finish(`a${round}`);
    }
    for (let job = 10; job < 40; job++) submit(`a${job}`);
    expect(engine.counts().places).toEqual({ quick: 4, unknown: 0, slow: 0 });
    await new Promise((resolve) => setTimeout(resolve, 1_600));
    expect(engine.counts().places).toEqual({ quick: 0, unknown: 0, slow: 4 });
    for (let job = 10; job < 14; job++) finish(`a${job}`, { ...OK, durationMs: 1_500, failure: 'timeout' });
    expect(engine.counts().places).toEqual({ quick: 0, unknown: 0, slow: 1 });
    for (let job = 14; job < 40; job++) finish(`a${job}`);
    expect(started).toHaveLength(33);
    expect(engine.counts()).toMatchObject({ waiting: 0, inFlight: 0 });
  });

  test('one delivery is attempted once at a time; the second is told when the first is settled', () => {
    const { submit, started, finish, repeated, settle, engine } = scene({}, 'by hand');
    submit('a1');
    submit('a1');
    expect(started).toEqual(['a1']);
    finish('a1');
    submit('a1');
    expect([started, repeated]).toEqual([['a1'], []]);
    settle('a1');
    expect(repeated).toEqual(['a1 after a1', 'a1 after a1']);
    expect(engine.counts()).toEqual(NOTHING);
    submit('a1');
    expect(started).toEqual(['a1', 'a1']);
  });

  test('past the bound the largest backlog loses its newest', () => {
    const { submit, shed, engine } = scene({ maxInFlight: 1, maxWaiting: 8 });
    submit('x0');
    for (const name of ['a1', 'b1', 'b2', 'b3', 'b4', 'b5', 'b6', 'a2']) submit(name);
    expect(shed).toEqual([]);
    submit('c1');
    submit('a3');
    expect(shed).toEqual(['b6', 'b5']);
    expect(engine.counts().waiting).toBe(8);
  });

  test('the bound in bytes counts as well', () => {
    const { submit, shed, engine } = scene({ maxInFlight: 1, maxWaiting: 100, maxWaitingBytes: 1_000 });
    submit('x0');
    submit('a1', 700);
    submit('b1', 200);
    submit('c1', 200);
    expect(shed).toEqual(['a1']);
    expect(engine.counts().waitingBytes).toBe(400);
  });

  test('jobs shed from one queue come back one after the other, not all at once', () => {
    const { submit, slots, finish } = scene({ maxInFlight: 2, maxWaiting: 1 }, 'at once', 1);
    for (const name of ['a0', 'a1']) submit(name);
    finish('a0', { ...OK, durationMs: 100 });
    for (const name of ['a2', 'a3', 'a4', 'a5']) submit(name);
    expect(slots).toHaveLength(3);
    expect(slots[1]! - slots[0]!).toBeGreaterThan(90);
    expect(slots[2]! - slots[1]!).toBeGreaterThan(90);
  });

  test('while too many outcomes are not durable intake waits, and with twice as many nothing is sent', async () => {
    const { submit, started, finish, settle, engine } = scene({ maxSettling: 4 }, 'by hand');
    for (const name of ['a1', 'a2']) {
      submit(name);
      finish(name);
    }
    const room = engine.room(new AbortController().signal);
    let open = false;
    void room?.then(() => (open = true));
    for (const name of ['a3', 'a4']) {
      submit(name);
      finish(name);
    }
    submit('a5');
    expect(started).toEqual(['a1', 'a2', 'a3', 'a4']);
    settle('a1');
    expect(started).toEqual(['a1', 'a2', 'a3', 'a4', 'a5']);
    await tick();
    expect([room === null, open]).toEqual([false, false]);
    settle('a2');
    settle('a3');
    await room;
  });

  test('deliveries that come again while they wait hold back intake, and never what is sent', async () => {
    const { submit, started, finish, engine, repeated } = scene({ maxInFlight: 1, maxSettling: 8 });
    const names = Array.from({ length: 20 }, (_, index) => `a${index}`);
    for (const name of names) submit(name);
    for (const name of names.slice(1)) submit(name);
    submit('b1');
    expect(engine.counts()).toMatchObject({ waiting: 20, inFlight: 1, settling: 0, repeats: 19 });
    const room = engine.room(new AbortController().signal);
    let open = false;
    void room?.then(() => (open = true));
    for (let count = 0; count < 11; count++) finish(started.at(-1) as string);
    expect(started).toHaveLength(12);
    await tick();
    expect([room === null, open]).toEqual([false, false]);
    while (finish(started.at(-1) as string));
    await room;
    expect(new Set(started)).toEqual(new Set([...names, 'b1']));
    expect(started).toHaveLength(21);
    expect(repeated).toHaveLength(19);
    expect(engine.counts()).toEqual(NOTHING);
  });

  test('a repeat that its owner is done with is not kept, unless the first is lost', () => {
    const { submit, engine, lose, cover } = scene({ maxInFlight: 1 });
    for (const name of ['a1', 'a2', 'a3']) submit(name);
    cover();
    for (let count = 0; count < 100; count++) submit('a2');
    expect(engine.counts().repeats).toBe(0);
    lose('a3');
    submit('a3');
    expect(engine.counts().repeats).toBe(1);
  });

  test('a full queue that drains is waited for, one that does not is shed from', async () => {
    const { submit, finish, engine, shed } = scene({
      maxInFlight: 2,
      maxWaiting: 2,
      slowDrainMs: 300,
      fullWaitMs: 150,
    });
    for (const name of ['a1', 'a2', 'a3']) submit(name);
    const { signal } = new AbortController();
    const room = engine.room(signal);
    expect(room).not.toBeNull();
    finish('a1');
    await room;
    expect(shed).toEqual([]);
    submit('a4');
    const late = engine.room(signal);
    expect(late).not.toBeNull();
    await late;
    expect(engine.room(signal)).toBeNull();
    submit('a5');
    expect(shed).toEqual(['a5']);
  });

  test('waiting for room ends with the signal and when the engine closes', async () => {
    const { submit, engine, finish } = scene({ maxSettling: 2 }, 'by hand');
    submit('a1');
    finish('a1');
    const lost = new AbortController();
    const [first, second] = [engine.room(lost.signal), engine.room(new AbortController().signal)];
    lost.abort();
    await first;
    engine.close();
    await second;
  });

  test('lost jobs that wait are dropped, those in flight end as ever', () => {
    const { submit, started, finish, engine, lose, attempted } = scene({ maxInFlight: 1 });
    for (const name of ['a1', 'a2', 'b1']) submit(name);
    lose('a1');
    lose('a2');
    engine.dropLost();
    expect(engine.counts()).toMatchObject({ waiting: 1, inFlight: 1 });
    finish('a1');
    finish('b1');
    expect([started, attempted]).toEqual([
      ['a1', 'b1'],
      ['a1', 'b1'],
    ]);
  });

  test('where a lost job waited, the same delivery that came again takes its place', () => {
    const { submit, started, finish, engine, lose, repeated } = scene({ maxInFlight: 1 });
    for (const name of ['a1', 'a2']) submit(name);
    lose('a2');
    submit('a2');
    engine.dropLost();
    finish('a1');
    finish('a2');
    expect([started, repeated]).toEqual([['a1', 'a2'], []]);
    expect(engine.counts()).toEqual(NOTHING);
  });

  test('drain waits for the outcomes; shedWaiting and abortInFlight hurry it', async () => {
    const { submit, finish, settle, engine, shed, attempted } = scene({ maxInFlight: 1 }, 'by hand');
    for (const name of ['a1', 'a2']) submit(name);
    expect(await engine.drain(Date.now() + 30)).toBe(false);
    engine.shedWaiting();
    submit('a3');
    expect(shed).toEqual(['a2', 'a3']);
    engine.abortInFlight();
    expect(attempted).toEqual(['a1 shutdown']);
    const drained = engine.drain(Date.now() + 5_000);
    for (const name of ['a1', 'a2', 'a3']) settle(name);
    expect(await drained).toBe(true);
    expect(finish('a1')).toBe(false);
  });

  test('an owner that throws is told, and nothing else stands still for it', () => {
    const { submit, started, finish, broken, attempted, engine } = scene({ maxInFlight: 1 });
    for (const name of ['!1', 'a1', '!2', 'b1', 'b2']) submit(name);
    finish('a1', { ...OK, failure: 'other' });
    finish('b1');
    finish('b2');
    expect(broken).toEqual(["!1 can't be prepared", 'a1 is not understood', "!2 can't be prepared"]);
    expect([started, attempted]).toEqual([
      ['a1', 'b1', 'b2'],
      ['b1', 'b2'],
    ]);
    // None of the three is settled: their records must not be done.
    expect(engine.counts()).toMatchObject({ waiting: 0, inFlight: 0, settling: 3 });
  });

  test('a job with nothing to send is its owner’s to settle', async () => {
    const { submit, engine, settle } = scene({}, 'by hand');
    submit('-1');
    expect(engine.counts()).toMatchObject({ inFlight: 0, settling: 1 });
    settle('-1');
    expect(await engine.drain(0)).toBe(true);
  });
});

/**
 * An engine whose requests end when the test says so. Job `a1` belongs to webhook `a`; webhook `-` has nothing to send, and for `!` the owner
 * throws, as it does after an attempt that failed with `other`.
 */
function scene(limits: Partial<EngineLimits>, settling: 'at once' | 'by hand' = 'at once', maxInFlightPerWebhook = 64) {
  const [started, shed, attempted, repeated, broken]: string[][] = [[], [], [], [], []];
  const slots: number[] = [];
  const open = new Map<string, (result: AttemptResult) => void>();
  const lost = new Set<TestJob>();
  const jobs = new Map<string, TestJob>();
  const held = new Set<string>();
  let isCovered = false;
  const settleSoon = (job: TestJob) => {
    if (settling === 'at once') engine.settled(job);
  };
  const engine = createEngine<TestJob>({
    limits,
    random: () => 0,
    sender: {
      send({ path }: OutgoingRequest, settled) {
        started!.push(path);
        open.set(path, settled);
        return { abort: () => finish(path, { ...OK, failure: 'shutdown' }) };
      },
    },
    owner: {
      admits: ({ webhookId, urgent = false }) => urgent || !held.has(webhookId),
      maxInFlight: () => maxInFlightPerWebhook,
      prepare({ name, webhookId }) {
        if (webhookId === '!') throw new Error(`${name} can't be prepared`);
        return webhookId === '-' ? null : { origin: '', path: name, headers: [], body: Buffer.alloc(0), timeoutMs: 1 };
      },
      attempted(job, { failure }) {
        if (failure === 'other') throw new Error(`${job.name} is not understood`);
        attempted!.push(failure === null ? job.name : `${job.name} ${failure}`);
        settleSoon(job);
      },
      shed(job, delayMs) {
        shed!.push(job.name);
        slots.push(delayMs);
        settleSoon(job);
      },
      covered: () => isCovered,
      broken: ({ message }) => broken!.push(message),
      repeated: (job, first) => repeated!.push(`${job.name} after ${first.name}`),
    },
  });

  function finish(name: string, result = OK): boolean {
    const settled = open.get(name);
    open.delete(name);
    settled?.(result);
    return settled !== undefined;
  }

  function jobOf(name: string, sizeBytes: number): TestJob {
    const job: TestJob = {
      name,
      deliveryId: name,
      webhookId: name[0]!,
      tenant: 'tenant',
      sizeBytes,
      lost: () => lost.has(job),
    };
    if (!jobs.has(name) || lost.has(jobs.get(name)!)) jobs.set(name, job);
    return job;
  }

  return {
    engine,
    started: started!,
    shed: shed!,
    attempted: attempted!,
    repeated: repeated!,
    broken: broken!,
    slots,
    cover: () => void (isCovered = true),
    finish,
    held,
    submit: (name: string, sizeBytes = 1) => engine.submit(jobOf(name, sizeBytes)),
    submitUrgent: (name: string) => engine.submit({ ...jobOf(name, 1), urgent: true }),
    defer: (name: string) => engine.defer(jobOf(name, 1)),
    settle: (name: string) => engine.settled(jobs.get(name)!),
    lose: (name: string) => void lost.add(jobs.get(name)!),
  };
}

function tick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 10));
}
