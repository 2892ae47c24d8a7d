import { expect, test } from '@jest/globals';
import type { Upstream } from '../forward.ts';
import type { Call, Route } from '../http/route.ts';
import { withAttempts } from './attempts.ts';

const PAGE = 200;

/** Deliveries of one attempt each, newest first; every `nth` failed. */
function logOf(deliveries: number, nth: number) {
  const asked: string[] = [];
  const observability = {
    async ask({ path }) {
      asked.push(path);
      const query = new URL(path, 'http://log').searchParams;
      const from = Number(query.get('cursor') ?? 0);
      const next = Math.min(from + Number(query.get('limit')), deliveries);
      const data = Array.from({ length: next - from }, (_, index) => deliveryOf(from + index, nth));
      const page = { data, next_cursor: next < deliveries ? String(next) : null };
      return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(page)) };
    },
  } as Pick<Upstream, 'ask'> as Upstream;
  return { asked, observability };
}

function deliveryOf(number: number, nth: number) {
  const outcome = number % nth === nth - 1 ? 'failed' : 'succeeded';
  const attempt = {
    id: `att_${number}`,
    number: 1,
    outcome,
    status: 200,
    duration_ms: 1,
    class: null,
    started_at: 't',
  };
  const delivery = { id: `dlv_${number}`, event_id: 'e', webhook_id: 'w', attempt_count: 1, next_attempt_at: null };
  return { ...delivery, attempts: [attempt] };
}

async function ask(query: string, observability: Upstream): Promise<{ id: string }[]> {
  const route = withAttempts({} as Route, observability);
  let sent = '';
  const response = { writeHead: () => response, setHeader() {}, end: (body: unknown) => void (sent = String(body)) };
  const request = { url: `/api/v1/deliveries${query}`, headers: {} };
  await route.handle({ request, response, passed: { 'x-request-id': 'r' } } as unknown as Call);
  return JSON.parse(sent) as { id: string }[];
}

test('failed attempts are found behind whatever succeeded since', async () => {
  const { asked, observability } = logOf(1_000, 300);
  const found = await ask('?status=failed&limit=3', observability);
  expect(found.map(({ id }) => id)).toEqual(['att_299', 'att_599', 'att_899']);
  expect(asked).toHaveLength(5);
});

test('no more is read than is wanted, nor further than ten pages', async () => {
  const few = logOf(1_000, 2);
  expect(await ask('?status=failed&limit=3', few.observability)).toHaveLength(3);
  expect(await ask('?event_id=e&limit=3', few.observability)).toHaveLength(3);
  expect(few.asked.map((path) => new URL(path, 'http://log').searchParams.get('limit'))).toEqual(['200', '3']);
  const none = logOf(PAGE * 20, PAGE * 20);
  expect(await ask('?status=failed', none.observability)).toEqual([]);
  expect(none.asked).toHaveLength(10);
});
