import { describe, expect, test } from '@jest/globals';
import { afterFailure, afterSuccess, stepOf, UNWATCHED, type WebhookHealth } from './webhook-health.ts';

const PERIOD = { changedAtMs: 0, periodMs: 1_000 };

/** [since, at] is a failure, [at] a success. */
function fold(reports: (readonly [number, number] | readonly [number])[], period = PERIOD): WebhookHealth {
  return reports.reduce<WebhookHealth>(
    (health, [one, other]) =>
      other === undefined ? afterSuccess(health, one) : afterFailure(health, { sinceMs: one, atMs: other }, period),
    UNWATCHED,
  );
}

describe('a webhook is failing since', () => {
  test.each<[string, number | null, Parameters<typeof fold>[0]]>([
    ['its first failure', 10, [[10, 10]]],
    ['the same while it goes on', 10, [[10, 10], [10, 400], [10, 800]]], // prettier-ignore
    ['never, once it has succeeded', null, [[10, 10], [50]]], // prettier-ignore
    ['its first failure after that', 60, [[10, 10], [50], [60, 70]]], // prettier-ignore
    ['the earlier of two dispatchers’', 10, [[300, 300], [10, 310]]], // prettier-ignore
    ['the earlier also after a restart forgot it', 10, [[10, 10], [400, 400]]], // prettier-ignore
    ['after what another dispatcher saw succeed', 700, [[10, 10], [500], [10, 700]]], // prettier-ignore
    ['nothing, where the success is reported late', null, [[10, 400], [450]]], // prettier-ignore
    ['nothing, where the failure is reported late', null, [[10, 10], [450], [10, 440]]], // prettier-ignore
    ['anew after a long pause', 600, [[10, 10], [10, 600]]], // prettier-ignore
    ['the same after a shorter one', 10, [[10, 10], [10, 500]]], // prettier-ignore
  ])('%s', (_what, since, reports) => {
    expect(fold(reports).failingSinceMs).toBe(since);
  });

  test('its last change at the earliest', () => {
    expect(fold([[10, 40]], { ...PERIOD, changedAtMs: 50 }).failingSinceMs).toBeNull();
    expect(fold([[10, 60]], { ...PERIOD, changedAtMs: 50 }).failingSinceMs).toBe(60);
    expect(fold([[55, 60]], { ...PERIOD, changedAtMs: 50 }).failingSinceMs).toBe(55);
  });
});

describe('what is due', () => {
  const failing = (lastFailureAtMs: number, warnedPercent = 0): WebhookHealth => ({
    lastSuccessAtMs: 0,
    failingSinceMs: 100,
    lastFailureAtMs,
    warnedPercent,
  });

  test.each([
    [599, 0, { kind: 'nothing' }],
    [600, 0, { kind: 'warn', percent: 50 }],
    [600, 50, { kind: 'nothing' }],
    [799, 50, { kind: 'nothing' }],
    [800, 50, { kind: 'warn', percent: 70 }],
    [1_050, 0, { kind: 'warn', percent: 90 }],
    [1_099, 90, { kind: 'nothing' }],
    [1_100, 90, { kind: 'disable', failingSinceMs: 100 }],
    [1_100, 0, { kind: 'disable', failingSinceMs: 100 }],
  ])('at %i, warned of %i %%', (lastFailureAtMs, warned, step) => {
    expect(stepOf(failing(lastFailureAtMs, warned), 1_000)).toEqual(step);
  });

  test('is nothing while it succeeds', () => {
    expect(stepOf({ ...failing(5_000), failingSinceMs: null }, 1_000)).toEqual({ kind: 'nothing' });
  });

  test('warnings begin anew when it has succeeded in between', () => {
    const warned = { ...failing(1_050, 90) };
    expect(afterSuccess(warned, 1_060)).toMatchObject({ failingSinceMs: null, warnedPercent: 0 });
  });
});
