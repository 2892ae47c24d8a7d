import { InvalidInput } from '@hookline/domain';
import { expect, test } from '@jest/globals';
import { sabotageOf, SABOTAGES } from './sabotage.ts';

test.each(SABOTAGES)('%s can be asked for', (sabotage) => {
  expect(sabotageOf({ HOOKLINE_SABOTAGE: sabotage })).toBe(sabotage);
});

test.each([{}, { HOOKLINE_SABOTAGE: '' }, { HOOKLINE_SABOTAGE: undefined }])('nothing is sabotaged by %j', (env) => {
  expect(sabotageOf(env)).toBeUndefined();
});

test.each(['true', 'commit-early,count-on-redis', 'COMMIT-EARLY'])('%p is refused, with what is known', (named) => {
  const start = () => sabotageOf({ HOOKLINE_SABOTAGE: named });
  expect(start).toThrow(InvalidInput);
  expect(start).toThrow(SABOTAGES.join(', '));
});
