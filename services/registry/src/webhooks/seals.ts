import type { ExpiringSecret, WebhookCredentials } from '@hookline/domain';
import type { Sealing } from '@hookline/service-kit';
import type { StoredWebhook } from './store.ts';

/** A webhook with its headers and credentials readable; its secrets stay sealed. */
export interface OpenWebhook extends StoredWebhook {
  headers: Record<string, string>;
  credentials: WebhookCredentials;
}

export type Secrets = readonly (string | ExpiringSecret)[];

/** Opens and seals what a webhook keeps secret; each is bound to the webhook's id. */
export interface Seals {
  open(webhook: StoredWebhook): OpenWebhook;
  headers(id: string, headers: Record<string, string>): string;
  /** null: there are none. */
  credentials(id: string, credentials: WebhookCredentials): string | null;
  secrets(id: string, secrets: Secrets): string;
  openSecrets(webhook: StoredWebhook): Secrets;
}

export function createSeals(sealing: Sealing): Seals {
  return {
    open(webhook) {
      const { id, sealedHeaders, sealedCredentials } = webhook;
      return {
        ...webhook,
        headers: JSON.parse(sealing.open(sealedHeaders, `headers:${id}`)),
        credentials: sealedCredentials === null ? {} : JSON.parse(sealing.open(sealedCredentials, `credentials:${id}`)),
      };
    },
    headers: (id, headers) => sealing.seal(JSON.stringify(headers), `headers:${id}`),
    credentials(id, credentials) {
      const text = JSON.stringify(credentials);
      return text === '{}' ? null : sealing.seal(text, `credentials:${id}`);
    },
    secrets: (id, secrets) => sealing.seal(JSON.stringify(secrets), `secrets:${id}`),
    openSecrets: ({ id, sealedSecrets }) => JSON.parse(sealing.open(sealedSecrets, `secrets:${id}`)),
  };
}
