import { Unavailable } from '@hookline/domain';
import { noTracer } from '@hookline/service-kit';
import { expect, test } from '@jest/globals';
import { PassThrough } from 'node:stream';
import type { Upstream } from '../forward.ts';
import type { DirectCall } from '../http/route.ts';
import type { RegistryClient } from '../registry-client.ts';
import { eventRoutes } from './events.ts';

const SIZE = 4 * 1024 * 1024;

/** A request of which so much is announced and nothing comes until it is ended. */
function slow(announced: string | undefined) {
  const body = new PassThrough();
  const headers = announced === undefined ? {} : { 'content-length': announced };
  const request = Object.assign(body, { headers, url: '/api/v1/events' });
  const passed = { 'x-request-id': 'r' };
  return { body, call: { request, response: {}, identity: {}, id: '', passed } as unknown as DirectCall };
}

test('bodies that arrive slowly take up no more than their bound; what leaves makes room', async () => {
  const forwarded: Buffer[] = [];
  const ingestion = {
    forward: async (_request, _response, { body }) => void forwarded.push(body!),
  } as Upstream;
  const [route] = eventRoutes({ registry: {} as RegistryClient, ingestion, tracer: noTracer });
  const requests = Array.from({ length: 32 }, (_, index) => slow(index % 2 === 0 ? String(SIZE) : undefined));
  const under = requests.map(({ call }) => route!.handle(call));
  await expect(route!.handle(slow('1').call)).rejects.toMatchObject({ code: 'overloaded' });
  await expect(route!.handle(slow('1').call)).rejects.toBeInstanceOf(Unavailable);
  requests[0]!.body.end('{}');
  await under[0];
  expect(forwarded.map(String)).toEqual(['{}']);
  const next = slow('2');
  const answered = route!.handle(next.call);
  next.body.end('[]');
  await answered;
  for (const { body } of requests) body.end('1');
  await Promise.all(under);
  expect(forwarded).toHaveLength(33);
});
