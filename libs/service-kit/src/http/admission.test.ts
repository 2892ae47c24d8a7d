import { describe, expect, test } from '@jest/globals';
import type { IncomingMessage } from 'node:http';
import { announcedBytes, createAdmission } from './admission.ts';

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

describe('announcedBytes', () => {
  test.each([
    ['17', 17],
    ['0', 0],
    [undefined, 100],
    ['101', 100],
    ['x', 100],
  ])('of the content-length %s, with at most 100, is %d', (announced, bytes) => {
    const request = { headers: announced === undefined ? {} : { 'content-length': announced } } as IncomingMessage;
    expect(announcedBytes(request, 100)).toBe(bytes);
  });
});
