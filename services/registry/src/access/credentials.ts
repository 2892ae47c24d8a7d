import type { Database } from '@hookline/database';
import type { Clock } from '@hookline/domain';
import type { Credentials } from '@hookline/service-kit';
import { findByHash } from './api-key-store.ts';
import { revocationsSince } from './revocations.ts';

/** As the database knows them; other processes ask over gRPC. */
export function createCredentials(database: Database, clock: Clock): Credentials {
  return {
    findApiKey: (hash) => findByHash(database, hash, new Date(clock.now())),
    revocations: (cursor) => revocationsSince(database, cursor),
  };
}
