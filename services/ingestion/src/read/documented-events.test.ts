import { cloudEventBody, eventBody } from '@hookline/contracts/api';
import { HooklineError } from '@hookline/domain';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { z } from 'zod';
import { parseStructuredEvent } from './cloud-event.ts';
import { parseEvent } from './native-event.ts';

/* The readers are written by hand; the API's document has schemas. Both must take the same events, but for what a schema can't say. */

const ACCEPTANCE = { tenant: 'acme', acceptedAtMs: Date.UTC(2026, 10, 22, 10, 15), traceparent: undefined };
const ROUNDS = 2_000;

interface Values {
  good: readonly unknown[];
  bad: readonly unknown[];
  /** What is said in words only: a day that doesn't exist, a span too long. */
  finer?: readonly unknown[];
}

const text = (longest: number): Values => ({
  good: ['a', '/shop', 'ü 😀', 'x'.repeat(longest)],
  bad: ['', 'x'.repeat(longest + 1), 'a\nb', 'a\u0000', '\u0085', 5, true, [], {}],
});
const time: Values = {
  good: ['2026-11-22T10:15:00Z', '2026-11-22T10:15:00.123456789+01:00'],
  bad: [5, {}, []],
  finer: ['yesterday', '2026-02-30T10:00:00Z', '2026-11-22', '2026-11-22T25:00:00Z', ''],
};
const TYPE: Values = {
  good: ['a', 'order.created', 'A-1_b.c', 'x'.repeat(256)],
  bad: ['', '.', 'a..b', 'a.', 'a b', 'ü', 'x'.repeat(257), 5, null, ['a']],
};

const NATIVE: Record<string, Values> = {
  type: TYPE,
  source: text(1_024),
  id: text(256),
  time: { ...time, bad: [...time.bad, null] },
  data: { good: [null, 5, 'x', { a: [] }, []], bad: [] },
  subject: text(1_024),
  partitionkey: text(256),
  metadata: {
    good: [{}, { a: '' }, { 'x.y': 'x'.repeat(1_024) }, Object.fromEntries(numbered(64))],
    bad: [
      { a: 1 },
      { a: null },
      { '': 'x' },
      { a: 'x'.repeat(1_025) },
      Object.fromEntries(numbered(65)),
      [],
      'x',
      null,
    ],
  },
  deliver_at: { ...time, bad: [...time.bad, null], finer: [...time.finer!, '2027-01-01T00:00:00Z'] },
  ttl: { good: ['1s', '6h', '30d', '1500ms'], bad: ['', '5', '5 s', 's', '-1s', '1w', 5, null], finer: ['1ms', '31d'] },
  retry_schedule: {
    good: [['0s'], ['5s', '30s', '2m'], Array.from({ length: 100 }, () => '1s')],
    bad: [[], ['x'], [5], [null], Array.from({ length: 101 }, () => '1s'), '5s', null, {}],
    finer: [['8d']],
  },
  max_retries: { good: [0, 1, 100], bad: [-1, 101, 1.5, '5', null] },
};

const orNull = (values: Values): Values => ({ ...values, good: [...values.good, null] });

const CLOUD_EVENT: Record<string, Values> = {
  specversion: { good: ['1.0'], bad: ['0.3', '1', 1, null] },
  type: { ...TYPE, bad: TYPE.bad.filter((value) => !isScalar(value)) },
  source: { ...text(1_024), bad: [...text(1_024).bad, null].filter((value) => !isScalar(value)) },
  id: { ...text(256), bad: [...text(256).bad, null].filter((value) => !isScalar(value)) },
  time: orNull({ ...time, bad: [{}, []] }),
  subject: orNull({ ...text(1_024), bad: ['', 'x'.repeat(1_025), 'a\n', {}, []] }),
  partitionkey: orNull({ ...text(256), bad: ['', 'x'.repeat(257), 'a\n', {}, []] }),
  data: { good: [null, 5, { a: 1 }], bad: [] },
  extension: { good: ['x', 5, true, null], bad: [{}, [], 1.5] },
};

function numbered(count: number): [string, string][] {
  return Array.from({ length: count }, (_, index) => [`k${index}`, 'v']);
}

/** Attributes of a CloudEvent that are no strings become strings: more is taken than the document promises. */
function isScalar(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}

/** The same ones every time. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe.each([
  ['our own form', eventBody, NATIVE, ['type', 'source'], parseEvent],
  ['a CloudEvent', cloudEventBody, CLOUD_EVENT, ['specversion', 'type', 'source', 'id'], parseStructuredEvent],
] as const)('%s', (_name, schema, fields, required, parse) => {
  const documented = new Ajv2020({ strict: false, validateFormats: false }).compile(
    z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }),
  );
  const random = createRandom(7);
  const names = Object.keys(fields);
  const anyOf = (values: readonly unknown[]) => values[random(values.length)];

  function read(body: object): 'taken' | 'refused' {
    try {
      parse(Buffer.from(JSON.stringify(body)), ACCEPTANCE);
      return 'taken';
    } catch (error) {
      if (error instanceof HooklineError) return 'refused';
      throw error;
    }
  }

  function good(): Record<string, unknown> {
    const chosen = names.filter((name) => (required as readonly string[]).includes(name) || random(2) === 0);
    return Object.fromEntries(chosen.map((name) => [name, anyOf(fields[name]!.good)]));
  }

  test('what is good for one is good for the other', () => {
    for (let round = 0; round < ROUNDS; round++) {
      const body = good();
      expect([body, documented(body), read(body)]).toEqual([body, true, 'taken']);
    }
  });

  test.each(names)('so is what is bad: %s', (name) => {
    for (const value of fields[name]!.bad) {
      const body = { ...good(), [name]: value };
      expect([body, documented(body), read(body)]).toEqual([body, false, 'refused']);
    }
    for (const value of fields[name]!.finer ?? []) {
      const body = { ...good(), [name]: value };
      expect([body, documented(body), read(body)]).toEqual([body, true, 'refused']);
    }
  });

  test.each(required)('%s must be there', (name) => {
    const { [name]: _, ...body } = good();
    expect([documented(body), read(body)]).toEqual([false, 'refused']);
  });

  test.each([
    ['a name that nobody knows', { Unknown_name: 'x' }],
    ['the tenant', { tenant: { id: 'x' } }],
  ])('%s is refused', (_what, more) => {
    const body = { ...good(), ...more };
    expect([documented(body), read(body)]).toEqual([false, 'refused']);
  });
});
