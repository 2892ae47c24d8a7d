import { Unavailable } from '@hookline/domain';
import { expect, test } from '@jest/globals';
import { createPatience } from './patience.ts';

test('waits for a database that is away, longer and longer within bounds, for ever', () => {
  const patience = createPatience();
  const delays = Array.from({ length: 100 }, () => patience.failed(new Unavailable('away')));
  expect(delays[0]).toBeLessThan(delays[3] as number);
  expect(Math.max(...delays)).toBe(2_000);
});

test('gives up on any other fault after some in a row', () => {
  const patience = createPatience();
  const fault = new Error('a table is missing');
  for (let n = 0; n < 4; n++) patience.failed(fault);
  patience.succeeded();
  for (let n = 0; n < 4; n++) patience.failed(fault);
  expect(() => patience.failed(fault)).toThrow(fault);
});
