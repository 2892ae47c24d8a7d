import {
  createLog,
  databaseSection,
  hooklineSection,
  kafkaSection,
  loadConfig,
  redisSection,
} from '@hookline/service-kit';
import { createTempDir } from '@hookline/testkit';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { createBackends } from './index.ts';

const SECTIONS = { hookline: hooklineSection, database: databaseSection, kafka: kafkaSection, redis: redisSection };

test('what was counted and accepted outlives the process of the embedded back end', async () => {
  const folder = await createTempDir('backends');
  const config = loadConfig(z.strictObject(SECTIONS), { env: { HOOKLINE_DATA: folder.path } });
  const nowMs = Date.now();
  const claim = { key: 'acme/event-1', token: 'a' };
  const tally = { key: 'events:acme', copy: 'one', total: 7, untilMs: nowMs + 60_000 };
  const open = () => createBackends(config, { service: 'test', log: createLog('test', 'silent'), allowEmbedded: true });

  const first = open();
  await first.prepare();
  const limits = await first.limits();
  await limits.deduplication.claim([claim], nowMs);
  await limits.deduplication.finish([{ ...claim, bodyHash: 'h', answer: '1' }], nowMs);
  expect(await limits.tallies.report([tally], nowMs)).toEqual([7]);
  await first.close();

  const second = open();
  const again = await second.limits();
  expect(await again.tallies.report([{ ...tally, copy: 'two', total: 2 }], nowMs)).toEqual([9]);
  expect(await again.deduplication.claim([{ ...claim, token: 'b' }], nowMs)).toMatchObject([{ kind: 'done' }]);
  await second.close();
  await folder.remove();
}, 60_000);
