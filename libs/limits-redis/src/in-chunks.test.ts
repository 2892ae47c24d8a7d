import { expect, test } from '@jest/globals';
import { inChunks } from './in-chunks.ts';
import { createKeys } from './keys.ts';

const NAMES = Array.from({ length: 1_000 }, (_, index) => `name ${index}`);

async function callsFor(isCluster: boolean): Promise<string[][]> {
  const calls: string[][] = [];
  const answers = await inChunks(
    createKeys('a:kind', isCluster),
    NAMES,
    (name) => name,
    async (chunk, keys) => {
      calls.push(keys);
      return chunk.map((name) => `answer to ${name}`);
    },
  );
  expect(answers).toEqual(NAMES.map((name) => `answer to ${name}`));
  return calls;
}

const tagOf = (key: string) => /^\{(.+?)\}/.exec(key)?.[1];

test('without a cluster keys have no tag and are called for by as few calls as there must be', async () => {
  const calls = await callsFor(false);
  expect(calls.map((keys) => keys.length)).toEqual([200, 200, 200, 200, 200]);
  expect(calls[0]!.slice(0, 2)).toEqual(['a:kind:name 0', 'a:kind:name 1']);
});

test('in a cluster each call names keys of one tag, whatever braces are in the names', async () => {
  const calls = await callsFor(true);
  for (const keys of calls) expect(new Set(keys.map(tagOf)).size).toBe(1);
  expect(new Set(calls.map((keys) => tagOf(keys[0]!))).size).toBe(16);
  expect(tagOf(createKeys('a:kind', true).of('wh_{b}'))).toMatch(/^a:kind:\d+$/);
});

test('the same name twice is asked for in order, in one call', async () => {
  const seen: string[][] = [];
  await inChunks(
    createKeys('a:kind', true),
    ['x', 'y', 'x'],
    (name) => name,
    async (chunk) => {
      seen.push([...chunk]);
      return chunk;
    },
  );
  expect(seen.flat().filter((name) => name === 'x')).toHaveLength(2);
  expect(seen.some((chunk) => chunk.filter((name) => name === 'x').length === 2)).toBe(true);
});
