import { InvalidInput } from '@hookline/domain';
import { describe, expect, test } from '@jest/globals';
import { readBinaryEvent } from './cloud-event.ts';

const HEADERS = { 'ce-specversion': '1.0', 'ce-id': 'o-1', 'ce-type': 'order.created', 'ce-source': '/shop' };
const read = (headers: Record<string, string>) =>
  readBinaryEvent({ ...HEADERS, ...headers }, Buffer.from('1'), {
    tenant: 'acme',
    acceptedAtMs: Date.UTC(2026, 10, 22),
    traceparent: undefined,
  });

describe('a header that is called as what every object has', () => {
  test('is an extension like any other', () => {
    expect(read({ 'ce-constructor': 'x' }).event.metadata).toEqual({ constructor: 'x' });
  });

  test.each([
    ['ce-constructor', '%zz'],
    ['ce-__proto__', 'x'],
    ['ce-datacontenttype', 'a/b'],
  ])('%s: %s is refused where it stands', (header, value) => {
    let error: unknown;
    try {
      // Computed, so that `__proto__` is a member.
      read({ [header]: value });
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(InvalidInput);
    const pointer = header === 'ce-datacontenttype' ? 'content-type' : header;
    expect((error as InvalidInput).problems).toMatchObject([{ pointer }]);
  });
});
