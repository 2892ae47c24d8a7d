import { expect, test } from '@jest/globals';
import Fetch, { type FetchParameters } from 'kafkajs/src/protocol/requests/fetch/index.js';
import { encodeFetch } from './fetch-request.ts';

const asked = (partition: number, fetchOffset = '0') => ({ partition, fetchOffset, maxBytes: 16_384 });
const request = (topics: FetchParameters['topics'], rest: Partial<FetchParameters> = {}): FetchParameters => ({
  maxWaitTime: 300,
  minBytes: 1,
  maxBytes: 1_048_576,
  topics,
  ...rest,
});

async function theirs(parameters: FetchParameters): Promise<Buffer> {
  return (await Fetch.protocol({ version: 11 })(parameters).request.encode()).buffer;
}

test.each<[string, FetchParameters]>([
  ['nothing', request([])],
  ['one partition', request([{ topic: 'a', partitions: [asked(0)] }])],
  [
    'large offsets',
    request([
      { topic: 'a', partitions: [asked(0, '9007199254740991'), asked(1, '4294967296'), asked(2, '2147483648')] },
    ]),
  ],
  [
    'topics and partitions in their order',
    request([
      { topic: 'webhook.events', partitions: [asked(3), asked(0), asked(11)] },
      { topic: 'тема', partitions: [asked(2, '7')] },
    ]),
  ],
  ['a rack and another isolation', request([], { rackId: 'zone-1', isolationLevel: 0 })],
])('a request for %s is written as kafkajs writes it', async (_what, parameters) => {
  expect(encodeFetch(parameters).equals(await theirs(parameters))).toBe(true);
});

test('what is named in pieces is put together, in the order in which it first came', async () => {
  const pieces = request([
    { topic: 'b', partitions: [asked(1)] },
    { topic: 'a', partitions: [asked(2)] },
    { topic: 'b', partitions: [asked(0), asked(3)] },
  ]);
  const together = request([
    { topic: 'b', partitions: [asked(1), asked(0), asked(3)] },
    { topic: 'a', partitions: [asked(2)] },
  ]);
  expect(encodeFetch(pieces).equals(await theirs(together))).toBe(true);
});
