import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ROOT } from './markdown.ts';

function constant(path: string, name: string): number {
  const [, digits] = new RegExp(`const ${name} = ([\\d_]+);`).exec(readFileSync(join(ROOT, path), 'utf8')) ?? [];
  return Number(digits?.replaceAll('_', ''));
}

test('the gateway waits for a change of a webhook longer than all that the registry waits for', () => {
  const consentMs = constant('services/registry/src/webhooks/handshake.ts', 'TIMEOUT_MS');
  const relayMs = constant('services/registry/src/changes/relay.ts', 'PATIENCE_MS');
  const databaseMs = 2_000;
  const waitsMs = constant('services/gateway/src/grpc-calls.ts', 'DEADLINE_MS');
  expect(consentMs + relayMs + databaseMs).toBeLessThanOrEqual(waitsMs);
});
