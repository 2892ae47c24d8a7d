import { writeFileSync } from 'node:fs';
import { openDatabase } from '@hookline/database';
import { atMost, percentile, type Figure, type Figures } from './figure.ts';
import { explainAll } from './search/plans.ts';
import { LARGE, seed, SEALING_KEY, type Seeded } from './search/seed.ts';
import { SHAPES, takeSamples, type Sample } from './search/shapes.ts';
import { setBenchStage, type BenchStage } from './stage.ts';

const ROUNDS = 100;
/** Until everything is compiled, and in memory what will be. */
const WARM_ROUNDS = 5;
const TARGET_MS = 50;

/**
 * Every list and search of the API, of a large tenant and a small one, over millions of attempts in PostgreSQL: asked of the gateway, one at a time.
 * BENCH_SEARCH_DATA=FOLDER keeps the seeded tables there for the next run; BENCH_PLANS=FILE writes there how PostgreSQL finds each answer.
 */
export async function* benchSearch(): Figures {
  const folder = process.env['BENCH_SEARCH_DATA'];
  const stage = await setBenchStage({
    env: { SECURITY_ENCRYPTION_KEY: SEALING_KEY },
    ...(folder === undefined ? {} : { postgres: { dataDir: folder } }),
  });
  const database = await openDatabase({ url: stage.postgres.url, poolSize: 1 });
  try {
    const startedAtMs = performance.now();
    const seeded = await seed(stage.postgres.url, Date.now());
    console.log(`    ${told(seeded)}, seeded in ${Math.round((performance.now() - startedAtMs) / 1_000)} s`);
    const samples = await takeSamples(database);
    await stage.start('registry', 'observability', 'gateway');
    yield* await measure(stage, samples);
    const plans = process.env['BENCH_PLANS'];
    if (plans !== undefined) writeFileSync(plans, await explainAll(database, samples, told(seeded)));
  } finally {
    await database.close();
    await stage.close();
  }
}

/** Each shape once a round, so that none finds in memory only what it has just read itself. */
async function measure(stage: BenchStage, samples: readonly Sample[]): Promise<Figure[]> {
  const taken = new Map<string, number[]>();
  const tokens = new Map(samples.map(({ tenant }) => [tenant, stage.tokenOf(tenant)]));
  for (let round = -WARM_ROUNDS; round < ROUNDS; round++) {
    for (const [name, shape] of Object.entries(SHAPES)) {
      for (const sample of samples) {
        const ms = await ask(stage, tokens.get(sample.tenant) ?? '', shape(sample, round + WARM_ROUNDS));
        if (round >= 0) timesOf(taken, name, sample.tenant).push(ms);
      }
    }
  }
  return Object.keys(SHAPES).map((name) => {
    const perTenant = samples.map(({ tenant }) => {
      const times = timesOf(taken, name, tenant);
      return { tenant, p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
    });
    const value = Math.max(...perTenant.map(({ p99 }) => p99));
    return {
      bench: 'search',
      name: `search p99: ${name}`,
      value,
      unit: 'ms',
      bare: null,
      ratio: null,
      cpuUs: null,
      ...atMost(TARGET_MS, value, 'ms'),
      note: perTenant
        .map(
          ({ tenant, p50, p99 }) =>
            `${tenant === LARGE ? 'large' : 'small'} tenant p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)} ms`,
        )
        .join('; '),
    };
  });
}

/** To the end of the answer. */
async function ask(stage: BenchStage, token: string, path: string): Promise<number> {
  const startedAtMs = performance.now();
  const answer = await fetch(stage.platform.gatewayUrl + path, {
    headers: { authorization: `Bearer ${token}` },
  });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${path} was answered with ${answer.status}: ${text}`);
  return performance.now() - startedAtMs;
}

function timesOf(taken: Map<string, number[]>, name: string, tenant: string): number[] {
  const key = `${tenant} ${name}`;
  const times = taken.get(key) ?? [];
  taken.set(key, times);
  return times;
}

function told({ events, deliveries, attempts, days }: Seeded): string {
  const number = (value: number) => value.toLocaleString('en');
  return `${number(events)} events, ${number(deliveries)} deliveries and ${number(attempts)} attempts of 1,000 tenants over ${days} days`;
}
