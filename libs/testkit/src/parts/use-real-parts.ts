import type { afterAll as AfterAll, beforeAll as BeforeAll } from '@jest/globals';
import { createDatabase, dropDatabase } from './databases.ts';
import {
  KAFKA_VARIABLE,
  POSTGRES_VARIABLE,
  REDIS_VARIABLE,
  startSharedParts,
  type SharedParts,
  type WantedParts,
} from './shared-parts.ts';
import { uniqueName } from './unique-name.ts';

const START_TIMEOUT_MS = 300_000;

/** Readable once the tests run; reading a part that wasn't asked for is an error. */
export interface RealParts {
  /** `host:port` of each broker. Shared with other test files: name topics and groups by `uniqueName`. */
  readonly kafkaBrokers: string[];
  /** Shared with other test files: prefix keys by `uniqueName`; a test that flushes it starts its own by `startRedis`. */
  readonly redisUrl: string;
  /** The server's own database; take one from `createDatabase` instead of writing into it. */
  readonly postgresUrl: string;
  /** The url of a fresh database, cloned from `template` if given; dropped after the file. */
  createDatabase: (template?: string) => Promise<string>;
  uniqueName: (label: string) => string;
}

/**
 * To be called at the top of a jest test file, or in a `describe`. Uses the parts that the test run shares (`HOOKLINE_TEST_KAFKA`,
 * `HOOKLINE_TEST_REDIS`, `HOOKLINE_TEST_POSTGRES`) and starts those that it doesn't, for this file alone.
 */
export function useRealParts(wanted: WantedParts): RealParts {
  const { beforeAll, afterAll } = jestGlobals();
  const databases: string[] = [];
  let own: SharedParts | undefined;

  beforeAll(async () => {
    own = await startSharedParts({
      kafka: wanted.kafka === true && process.env[KAFKA_VARIABLE] === undefined,
      redis: wanted.redis === true && process.env[REDIS_VARIABLE] === undefined,
      postgres: wanted.postgres === true && process.env[POSTGRES_VARIABLE] === undefined,
    });
  }, START_TIMEOUT_MS);

  afterAll(async () => {
    for (const url of databases.splice(0)) await dropDatabase(url);
    await own?.stop();
  }, START_TIMEOUT_MS);

  function read(name: keyof WantedParts, variable: string): string {
    const value = own?.environment[variable] ?? process.env[variable];
    if (wanted[name] !== true || value === undefined) {
      throw new Error(`useRealParts({ ${name}: true }) is missing, or ${name} is read before the tests run`);
    }
    return value;
  }

  return {
    get kafkaBrokers() {
      return read('kafka', KAFKA_VARIABLE).split(',');
    },
    get redisUrl() {
      return read('redis', REDIS_VARIABLE);
    },
    get postgresUrl() {
      return read('postgres', POSTGRES_VARIABLE);
    },
    async createDatabase(template) {
      const url = await createDatabase(read('postgres', POSTGRES_VARIABLE), template);
      databases.push(url);
      return url;
    },
    uniqueName,
  };
}

/** Not imported, since '@jest/globals' throws where tools that use the other exports run without jest. */
function jestGlobals(): { beforeAll: typeof BeforeAll; afterAll: typeof AfterAll } {
  const beforeAll: typeof BeforeAll | undefined = Reflect.get(globalThis, 'beforeAll');
  const afterAll: typeof AfterAll | undefined = Reflect.get(globalThis, 'afterAll');
  if (beforeAll === undefined || afterAll === undefined) throw new Error('useRealParts works in jest tests only');
  return { beforeAll, afterAll };
}
