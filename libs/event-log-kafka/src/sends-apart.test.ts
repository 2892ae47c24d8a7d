import { expect, test } from '@jest/globals';
import type { PartitionBatch } from './guarded-send.ts';
import { createSendsApart } from './sends-apart.ts';

test('sends do not wait for each other; each ends its producer, and close ends those under way', async () => {
  const stuck = Promise.withResolvers<void>();
  const events: string[] = [];
  const apart = createSendsApart(() => ({
    async send([batch]) {
      events.push(`sent ${batch!.partition}`);
      if (batch!.partition === 0) await stuck.promise;
      if (batch!.partition === 1) throw new Error('refused');
    },
    close: async () => void events.push('closed'),
  }));
  const batch = (partition: number): PartitionBatch => ({ topic: 't', partition, messages: [], sizeBytes: 0 });
  const first = apart.send([batch(0)], () => {});
  await expect(apart.send([batch(1)], () => {})).rejects.toThrow('refused');
  await apart.send([batch(2)], () => {});
  expect(events).toEqual(['sent 0', 'sent 1', 'closed', 'sent 2', 'closed']);
  await apart.close();
  expect(events).toHaveLength(6);
  stuck.resolve();
  await first;
});
