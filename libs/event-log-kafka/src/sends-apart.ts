import type { GuardedSend } from './guarded-send.ts';

/** Sends that don't wait for each other: each has a producer of its own, for as long as it lasts. */
export function createSendsApart(open: () => GuardedSend): GuardedSend {
  const senders = new Set<GuardedSend>();

  return {
    async send(batches, acknowledged) {
      const sender = open();
      senders.add(sender);
      try {
        await sender.send(batches, acknowledged);
      } finally {
        await sender.close();
        senders.delete(sender);
      }
    },
    async close() {
      await Promise.all([...senders].map((sender) => sender.close()));
    },
  };
}
