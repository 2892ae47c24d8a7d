import { BREAKER_POLICY, claimProbe, createBreaker, forgottenAtMs, noteOutcomes, stateOf } from '@hookline/domain';
import type { Breaker } from '@hookline/domain';
import { describe, expect, test } from '@jest/globals';
import type { BreakerReport, Breakers, Limits, ProbeClaim } from '../src/index.ts';
import { NOW, createDice, type Dice, type Scene } from './scene.ts';

const CLOSED = { kind: 'closed' };
const FREE = { kind: 'half_open', probeUntilMs: null };

export function describeBreakers(scene: Scene): void {
  describe('breakers', () => {
    test('are shared: failures that several report open it for all', async () => {
      const { one, other } = await scene.begin();
      expect(await one.breakers.report([failures('wh_a', 3)], NOW)).toEqual([CLOSED]);
      expect(await other.breakers.report([failures('wh_a', 2), failures('wh_b', 4)], NOW + 1)).toEqual([
        { kind: 'open', untilMs: NOW + 30_001 },
        CLOSED,
      ]);
      expect(await one.breakers.report([ask('wh_b'), ask('wh_a'), ask('wh_c')], NOW + 2)).toEqual([
        CLOSED,
        { kind: 'open', untilMs: NOW + 30_001 },
        CLOSED,
      ]);
      expect(await one.breakers.report([], NOW)).toEqual([]);
    });

    test('of one webhook are one, whatever else is reported in the same call', async () => {
      const { one } = await scene.begin();
      const reports = [failures('wh_a', 2), failures('wh_b', 1), failures('wh_a', 3)];
      expect((await one.breakers.report(reports, NOW)).map(({ kind }) => kind)).toEqual(['closed', 'closed', 'open']);
    });

    test('give one probe over all who claim it, and what it finds out counts for all', async () => {
      const { one, other } = await scene.begin();
      await one.breakers.report([failures('wh_a', 5)], NOW);
      const atMs = NOW + 30_000;
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (index % 2 === 0 ? one : other).breakers.claimProbes([claim('wh_a', `token ${index}`, atMs + 5_000)], atMs),
        ),
      );
      expect(answers.flat().map(({ state }) => state)).toEqual(
        answers.map(() => ({ kind: 'half_open', probeUntilMs: atMs + 5_000 })),
      );
      expect(answers.flat().filter(({ granted }) => granted)).toHaveLength(1);
      const probe = `token ${answers.findIndex(([answer]) => answer?.granted === true)}`;
      expect(await other.breakers.report([{ ...successes('wh_a', 1), probe: 'another' }], atMs + 1)).toMatchObject([
        { kind: 'half_open' },
      ]);
      expect(await other.breakers.report([{ ...successes('wh_a', 1), probe }], atMs + 2)).toEqual([CLOSED]);
      expect(await one.breakers.report([failures('wh_a', 4)], atMs + 3)).toEqual([CLOSED]);
    });

    test('double their time with each probe that fails', async () => {
      const { one, other } = await scene.begin();
      let [state] = await one.breakers.report([failures('wh_a', 5)], NOW);
      for (const expectedMs of [60_000, 120_000, 240_000, 480_000, 600_000, 600_000]) {
        const atMs = openUntil(state);
        expect(await one.breakers.claimProbes([claim('wh_a', 'p', atMs + 9)], atMs)).toMatchObject([{ granted: true }]);
        [state] = await other.breakers.report([{ ...failures('wh_a', 1), probe: 'p' }], atMs + 3);
        expect(openUntil(state)).toBe(atMs + 3 + expectedMs);
      }
    });

    test('give a probe to another when it ran out, or was given back', async () => {
      const { one, other } = await scene.begin();
      await one.breakers.report([failures('wh_a', 5)], NOW);
      const atMs = NOW + 30_000;
      await one.breakers.claimProbes([claim('wh_a', 'gone', atMs + 1_000)], atMs);
      const [late] = await other.breakers.claimProbes([claim('wh_a', 'next', atMs + 9_000)], atMs + 1_000);
      expect(late).toEqual({ granted: true, state: { kind: 'half_open', probeUntilMs: atMs + 9_000 } });
      expect(await other.breakers.report([{ ...ask('wh_a'), probe: 'next' }], atMs + 1_001)).toEqual([FREE]);
      expect(await one.breakers.claimProbes([claim('wh_a', 'third', atMs + 9_000)], atMs + 1_002)).toMatchObject([
        { granted: true },
      ]);
    });

    test('have no probe to give while they are closed or open', async () => {
      const { one } = await scene.begin();
      await one.breakers.report([failures('wh_open', 5)], NOW);
      const claims = [claim('wh_closed', 'p', NOW + 9), claim('wh_open', 'p', NOW + 9)];
      expect(await one.breakers.claimProbes(claims, NOW + 1)).toEqual([
        { granted: false, state: CLOSED },
        { granted: false, state: { kind: 'open', untilMs: NOW + 30_000 } },
      ]);
    });

    test('are many in one call', async () => {
      const { one } = await scene.begin();
      const reports = Array.from({ length: 1_000 }, (_, index) => failures(`wh_${index}`, index % 7));
      const states = await one.breakers.report(reports, NOW);
      expect(states.map(({ kind }) => kind)).toEqual(reports.map(({ failed }) => (failed >= 5 ? 'open' : 'closed')));
    });

    test.each([1, 2, 3, 4])('at random give what the rule gives (seed %i)', async (seed) => {
      const { one, other } = await scene.begin();
      await runAgainstRule([one, other], createDice(seed));
    });
  });
}

async function runAgainstRule(clients: Limits[], dice: Dice): Promise<void> {
  const rule = createRule();
  const webhook = () => `wh_${dice(3)}`;
  const token = () => `p${dice(3)}`;
  let nowMs = NOW;
  for (let step = 0; step < 250; step++) {
    nowMs += [50, 5_000, 60_000][dice(3)]! + (dice(40) === 0 ? 400_000 : 0);
    const { breakers } = clients[dice(2)]!;
    if (dice(3) === 0) {
      const claims = Array.from({ length: dice(4) }, () => claim(webhook(), token(), nowMs + dice(20_000)));
      expect([step, await breakers.claimProbes(claims, nowMs)]).toEqual([step, await rule.claimProbes(claims, nowMs)]);
    } else {
      const reports = Array.from({ length: dice(4) }, () => randomReport(dice, webhook(), token()));
      expect([step, await breakers.report(reports, nowMs)]).toEqual([step, await rule.report(reports, nowMs)]);
    }
  }
}

function randomReport(dice: Dice, webhookId: string, token: string): BreakerReport {
  const [succeeded, failed] = [dice(2) === 0 ? 0 : dice(3), dice(4)];
  const failuresInARow = succeeded > 0 ? dice(failed + 1) : failed;
  return { webhookId, succeeded, failed, failuresInARow, ...(dice(2) === 0 && { probe: token }) };
}

/** What the domain says, kept as plainly as possible. */
function createRule(): Breakers {
  const held = new Map<string, { breaker: Breaker; untilMs: number }>();
  function change(webhookId: string, nowMs: number, rule: (breaker: Breaker) => Breaker): Breaker {
    const found = held.get(webhookId);
    const before = found !== undefined && found.untilMs > nowMs ? found.breaker : createBreaker();
    const breaker = rule(before);
    const untilMs = forgottenAtMs(breaker, BREAKER_POLICY, nowMs);
    if (breaker !== before) held.set(webhookId, { breaker, untilMs });
    return breaker;
  }
  return {
    report: async (reports, nowMs) =>
      reports.map((report) => {
        const note = (breaker: Breaker) => noteOutcomes(breaker, report, BREAKER_POLICY, nowMs);
        return stateOf(change(report.webhookId, nowMs, note), nowMs);
      }),
    claimProbes: async (claims, nowMs) =>
      claims.map(({ webhookId, token, untilMs }) => {
        const after = change(webhookId, nowMs, (breaker) => claimProbe(breaker, token, untilMs, nowMs));
        return { granted: after.probe?.token === token, state: stateOf(after, nowMs) };
      }),
  };
}

function failures(webhookId: string, failed: number): BreakerReport {
  return { webhookId, succeeded: 0, failed, failuresInARow: failed };
}

function successes(webhookId: string, succeeded: number): BreakerReport {
  return { webhookId, succeeded, failed: 0, failuresInARow: 0 };
}

function ask(webhookId: string): BreakerReport {
  return failures(webhookId, 0);
}

function claim(webhookId: string, token: string, untilMs: number): ProbeClaim {
  return { webhookId, token, untilMs };
}

function openUntil(state: Awaited<ReturnType<Breakers['report']>>[number] | undefined): number {
  if (state?.kind !== 'open') throw new Error(`expected an open breaker, got ${JSON.stringify(state)}`);
  return state.untilMs;
}
