import { expect, test } from '@jest/globals';
import { planRetention } from './plan.ts';

const DAY = 86_400_000;
const TODAY = 20_000;
const NOW = TODAY * DAY + DAY / 2;
const found = [0, TODAY - 5, TODAY - 4, TODAY - 3, TODAY - 1, TODAY].map((day) => ({ day, events: 1, bytes: 1 }));
const SETTINGS = {
  retentionMs: 3 * DAY,
  tenantsMs: new Map<string, number>(),
  deadLettersMs: 90 * DAY,
  auditLogMs: 400 * DAY,
};
const daysOf = (days: { day: number }[]) => days.map(({ day }) => day);

test('a day goes once all of it is too old', () => {
  const plan = planRetention(found, SETTINGS, NOW);
  // The third day before today ends at midnight: at noon of today half of it is not old enough.
  expect(daysOf(plan.drop)).toEqual([0, TODAY - 5, TODAY - 4]);
  expect(daysOf(planRetention(found, SETTINGS, NOW + DAY / 2).drop)).toEqual([0, TODAY - 5, TODAY - 4, TODAY - 3]);
  expect(daysOf(planRetention(found, SETTINGS, NOW + DAY / 2 - 1).drop)).toEqual([0, TODAY - 5, TODAY - 4]);
});

test('today and two days more are made ahead, those that are missing', () => {
  expect(planRetention(found, SETTINGS, NOW).make).toEqual([TODAY + 1, TODAY + 2]);
  expect(planRetention([], SETTINGS, NOW).make).toEqual([TODAY, TODAY + 1, TODAY + 2]);
});

test('a tenant that keeps less has its rows deleted of the days that stay; one that would keep more has not', () => {
  const tenantsMs = new Map([
    ['short', DAY / 4],
    ['long', 100 * DAY],
  ]);
  const plan = planRetention(found, { ...SETTINGS, tenantsMs }, NOW);
  expect(plan.thin).toEqual([{ tenant: 'short', days: [TODAY - 3, TODAY - 1] }]);
  expect([...plan.tenantsDeadLettersBeforeMs]).toEqual([['short', NOW - DAY / 4]]);
});
