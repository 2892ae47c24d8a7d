import { describe, expect, test } from '@jest/globals';
import { createAdmission } from './admit.ts';
import { networkOf } from './limit-public.ts';

describe('createAdmission', () => {
  test('bounds requests and bytes, and has room again for what left', () => {
    const admission = createAdmission(2, 100);
    expect(admission.enter(60)).toBe(true);
    expect(admission.enter(41)).toBe(false);
    expect(admission.enter(40)).toBe(true);
    expect(admission.enter(0)).toBe(false);
    admission.leave(60);
    expect(admission.enter(61)).toBe(false);
    expect(admission.enter(60)).toBe(true);
  });
});

describe('networkOf', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['', ''],
  ])('of %j is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
