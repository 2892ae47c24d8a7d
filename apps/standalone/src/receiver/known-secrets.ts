import { decodeChange, TOPIC } from '@hookline/contracts';
import type { EventLog, Following } from '@hookline/event-log';
import type { Sealing } from '@hookline/service-kit';

/** The secrets of the webhooks that point at this process's own receiver, so that it can say whether a signature is right. */
export interface KnownSecrets {
  start(): Promise<void>;
  /** Of every webhook whose URL has this path. */
  of(path: string): string[];
  close(): Promise<void>;
}

export function createKnownSecrets(eventLog: EventLog, sealing: Sealing, fail: (error: Error) => void): KnownSecrets {
  const webhooks = new Map<string, { path: string; secrets: string[] }>();
  let following: Following | undefined;
  return {
    async start() {
      following = await eventLog.follow({
        topic: TOPIC.changes,
        onFailure: fail,
        received: async (records) => {
          for (const record of records) {
            const change = decodeChange(record);
            if (change.kind === 'deleted') webhooks.delete(change.webhookId);
            if (change.kind !== 'changed') continue;
            const { id, url, sealedSecrets } = change.webhook;
            const { pathname } = new URL(url);
            if (!pathname.startsWith('/_receiver/')) continue;
            const secrets = JSON.parse(sealing.open(sealedSecrets, `secrets:${id}`)) as string[];
            webhooks.set(id, { path: pathname, secrets });
          }
        },
      });
    },
    of: (path) => [...webhooks.values()].filter((webhook) => webhook.path === path).flatMap(({ secrets }) => secrets),
    close: async () => following?.close(),
  };
}
