import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openEmbedded, post, startOn, tokenOf, type Stores } from './testing/scene.ts';

const doc = readFileSync(join(import.meta.dirname, '../../../docs/events.md'), 'utf8');
const examples = [...doc.matchAll(/^```http\nPOST (\S+)\n(.*?)\n\n(.*?)^```$/gms)].map(([, path, head, body]) => ({
  path: path!,
  headers: Object.fromEntries(head!.split('\n').map((line) => line.split(': ') as [string, string])),
  body: body!,
}));

let stores: Stores;
beforeAll(async () => {
  stores = await openEmbedded();
}, 60_000);
afterAll(() => stores?.close());

test('docs/events.md: every example of publishing by REST is accepted', async () => {
  const { base } = await startOn(stores);
  expect(examples.length).toBeGreaterThanOrEqual(5);
  for (const { path, headers, body } of examples) {
    const answer = await post(base + path, body, { authorization: `Bearer ${tokenOf('acme')}`, ...headers });
    expect([path, answer.status, answer.body]).toEqual([path, 202, expect.anything()]);
    expect(answer.body['not_accepted'] ?? 0).toBe(0);
  }
});
