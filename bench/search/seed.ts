import { createHash } from 'node:crypto';
import { openDatabase, type Database, type Queryable } from '@hookline/database';
import { createSealing } from '@hookline/service-kit';

/** What lies in the tables. */
export interface Seeded {
  /** The latest moment of acceptance. */
  nowMs: number;
  days: number;
  events: number;
  deliveries: number;
  attempts: number;
}

export const LARGE = 'large';
/** One of the 999 others. */
export const SMALL = 'tenant-7';
/** Of the webhooks of those two, so that the registry can read them. */
export const SEALING_KEY = Buffer.alloc(32, 5).toString('base64');

const DAY_MS = 86_400_000;
/** As long as the log is kept by default, but for what retention would take while it is measured. */
const SPAN_MS = 29 * DAY_MS;
/** Two deliveries each, of which a hundred have 106 attempts. */
const EVENTS = 2_360_000;
const DAY_DEADLINE_MS = 300_000;
const AT_ONCE = 2;

/**
 * Five million attempts of a thousand tenants, one with 60 % of them, over 30 days, by SQL into the tables as they have been migrated, in the order in which
 * they would have come. Goes on where it was interrupted.
 */
export async function seed(url: string, nowMs: number): Promise<Seeded> {
  const database = await openDatabase({ url, poolSize: AT_ONCE });
  try {
    await database.query('CREATE TABLE IF NOT EXISTS bench_seed (now_ms bigint NOT NULL)');
    await database.query('CREATE TABLE IF NOT EXISTS bench_seeded_days (day date PRIMARY KEY)');
    await database.query('INSERT INTO bench_seed SELECT $1::bigint WHERE NOT EXISTS (SELECT 1 FROM bench_seed)', [
      nowMs,
    ]);
    const { rows } = await database.query<{ now_ms: string | number }>('SELECT now_ms FROM bench_seed');
    const seededAtMs = Number(rows[0]?.now_ms);
    if (nowMs - seededAtMs > DAY_MS) throw new Error('the seeded data are of another day: remove their folder');
    await seedTenants(database);
    const days = daysUntil(seededAtMs);
    const left = days.entries();
    const worker = async () => {
      for (const [index, day] of left) await seedDay(database, day, index);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    await database.query('ANALYZE dead_letters');
    return { nowMs: seededAtMs, days: days.length, ...(await counted(database)) };
  } finally {
    await database.close();
  }
}

/** Of the large and the small tenant: `*` gets every event, the others those of the type that they are called by. `idle` gets none. */
export function webhookId(tenant: string, name: string): string {
  return `wh_${createHash('md5').update(`${tenant}:${name}`).digest('hex')}`;
}

interface Day {
  /** `2026-11-27` */
  date: string;
  fromMs: number;
  toMs: number;
  events: number;
}

function daysUntil(nowMs: number): Day[] {
  const days: Day[] = [];
  for (let fromMs = nowMs - SPAN_MS; fromMs < nowMs;) {
    const toMs = Math.min(nowMs, (Math.floor(fromMs / DAY_MS) + 1) * DAY_MS);
    const events = Math.ceil((EVENTS * (toMs - fromMs)) / SPAN_MS);
    days.push({ date: new Date(fromMs).toISOString().slice(0, 10), fromMs, toMs, events });
    fromMs = toMs;
  }
  return days;
}

/** The registry answers for the webhooks by which deliveries are asked for. */
async function seedTenants(database: Database): Promise<void> {
  await database.query(
    `INSERT INTO tenants (id) SELECT 'tenant-' || n FROM generate_series(1, 999) AS n UNION SELECT $1 ON CONFLICT DO NOTHING`,
    [LARGE],
  );
  const sealing = createSealing(SEALING_KEY);
  for (const tenant of [LARGE, SMALL]) {
    for (const name of ['*', 'order.rare', 'type.7', 'idle']) {
      const id = webhookId(tenant, name);
      await database.query(
        `INSERT INTO webhooks (id, tenant, url, event_types, sealed_headers, sealed_secrets, policy, status, revision, created_at, updated_at)
         VALUES ($1, $2, 'https://receiver.example/hook', ARRAY[$3], $4, $5, 'quick', 'enabled', 0, now(), now()) ON CONFLICT DO NOTHING`,
        [id, tenant, name, sealing.seal('{}', `headers:${id}`), sealing.seal('["whsec_bench"]', `secrets:${id}`)],
      );
    }
  }
}

async function seedDay(database: Database, day: Day, index: number): Promise<void> {
  const { date } = day;
  await database.query('SELECT observability_make_day($1::date)', [date]);
  const { rowCount } = await database.query('SELECT 1 FROM bench_seeded_days WHERE day = $1', [date]);
  if (rowCount > 0) return;
  await database.transaction(async (tx) => {
    await tx.query(`SET LOCAL synchronous_commit = off`);
    await tx.query(`SET LOCAL work_mem = '256MB'`);
    await tx.query('SELECT setseed($1)', [index / 100]);
    await fillDay(tx, day);
    await tx.query('INSERT INTO bench_seeded_days VALUES ($1)', [date]);
  }, DAY_DEADLINE_MS);
  // As autovacuum does with each day's tables by and by.
  for (const table of ['events', 'event_metadata', 'deliveries', 'attempts']) {
    await database.query(`VACUUM (ANALYZE) ${table}_${date.replaceAll('-', '')}`);
  }
}

/** Rows as observability writes them. */
async function fillDay(tx: Queryable, { date, fromMs, toMs, events }: Day): Promise<void> {
  const suffix = date.replaceAll('-', '');
  await tx.query(`CREATE TEMP TABLE seeded_events ON COMMIT DROP AS
    SELECT tenant, 'evt_' || lpad(to_hex(at_ms), 12, '0') || substr(md5('${date}' || n), 1, 20) AS id, at_ms, to_timestamp(at_ms / 1000.0) AS at, type, source,
      region, customer
    FROM (
      SELECT n, ${fromMs} + (n::bigint * ${toMs - fromMs}) / ${events} AS at_ms,
        CASE WHEN random() < 0.6 THEN '${LARGE}' ELSE 'tenant-' || (1 + floor(random() * 999))::integer END AS tenant,
        CASE WHEN of_type < 0.5 THEN 'order.created' WHEN of_type < 0.8 THEN 'order.paid'
          WHEN of_type < 0.99999 THEN 'type.' || floor(random() * 48)::integer ELSE 'order.rare' END AS type,
        CASE WHEN of_source < 0.7 THEN '/shop' WHEN of_source < 0.99999 THEN '/pos' ELSE '/migration' END AS source,
        CASE WHEN has_metadata < 0.5 THEN (ARRAY['eu', 'us', 'ap'])[1 + floor(random() * 3)::integer] END AS region,
        'c-' || floor(random() * 20000)::integer AS customer
      FROM (SELECT n, random() AS of_type, random() AS of_source, random() AS has_metadata FROM generate_series(0, ${events - 1}) AS n) AS numbered
    ) AS drawn`);
  await tx.query(`INSERT INTO events_${suffix} (tenant, id, accepted_at, type, source, time, content_type, metadata, size_bytes, data)
    SELECT tenant, id, at, type, source, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'application/json',
      CASE WHEN region IS NOT NULL THEN jsonb_build_object('region', region, 'customer', customer) END, length(data), data
    FROM (SELECT *, ${DATA} AS data FROM seeded_events AS e) AS filled`);
  await tx.query(`INSERT INTO event_metadata_${suffix} (tenant, pair, accepted_at, event_id)
    SELECT tenant, ('x' || encode(substr(sha256(convert_to(key, 'UTF8') || '\\x00'::bytea || convert_to(value, 'UTF8')), 1, 8), 'hex'))::bit(64)::bigint, at, id
    FROM seeded_events CROSS JOIN LATERAL (VALUES ('region', region), ('customer', customer)) AS pairs (key, value) WHERE region IS NOT NULL`);
  await tx.query(`CREATE TEMP TABLE seeded_deliveries ON COMMIT DROP AS
    SELECT *,
      CASE WHEN fate < 0.97 THEN 'succeeded' WHEN fate < 0.985 THEN 'dead' WHEN fate < 0.99 THEN 'retrying' WHEN fate < 0.994 THEN 'deferred'
        WHEN fate < 0.997 THEN 'expired' WHEN fate < 0.999 THEN 'discarded' ELSE 'cancelled' END AS state,
      CASE WHEN fate < 0.93 THEN 1 WHEN fate < 0.97 THEN 2 WHEN fate < 0.985 THEN 3 WHEN fate < 0.99 THEN 1 WHEN fate < 0.994 THEN 0
        WHEN fate < 0.997 THEN 1 ELSE 0 END AS made,
      CASE WHEN how < 0.6 THEN 'server_error' WHEN how < 0.9 THEN 'timeout' WHEN how < 0.9999 THEN 'client_error' ELSE 'dns' END AS failure,
      CASE WHEN how < 0.6 THEN 503 WHEN how BETWEEN 0.9 AND 0.9999 THEN 404 END AS failure_status
    FROM (
      SELECT e.*, 'wh_' || md5(e.tenant || ':' || w.name) AS webhook_id, 'dlv_' || md5(e.id || w.name) AS delivery_id, random() AS fate, random() AS how
      FROM seeded_events AS e CROSS JOIN LATERAL (VALUES ('*'), (e.type)) AS w (name)
    ) AS drawn`);
  await tx.query(`INSERT INTO attempts_${suffix} (delivery_id, id, accepted_at, number, trigger, class, status, started_at, duration_ms, detail)
    SELECT delivery_id, ${ATTEMPT_ID}, at, number, 'automatic',
      CASE WHEN number < made OR state <> 'succeeded' THEN failure END,
      CASE WHEN number < made OR state <> 'succeeded' THEN failure_status ELSE 200 END,
      at + number * interval '1 second', (how * 200)::integer, '${DETAIL}'
    FROM seeded_deliveries CROSS JOIN LATERAL generate_series(1, made) AS number WHERE NOT ${ONCE}`);
  await tx.query(`INSERT INTO deliveries_${suffix} (id, tenant, webhook_id, accepted_at, event_id, event_type, attempt_count, first_attempt_at, state, state_rank,
      state_at, next_attempt_at, reason, last_attempt_id, last_number, last_started_at, last_status, last_class,
      once_id, once_status, once_started_at, once_duration_ms, once_detail)
    SELECT delivery_id, tenant, webhook_id, at, id, type, made, CASE WHEN made > 0 THEN at + interval '1 second' END, state,
      2 * made + (state NOT IN ('retrying', 'deferred'))::integer, at + (made + how / 5) * interval '1 second',
      CASE WHEN state IN ('retrying', 'deferred') THEN at + interval '1 day' END,
      CASE state WHEN 'dead' THEN 'attempts_exhausted' WHEN 'deferred' THEN 'paused' WHEN 'discarded' THEN 'webhook_deleted' END,
      CASE WHEN made > 0 THEN ${ATTEMPT_ID} END, nullif(made, 0), CASE WHEN made > 0 THEN at + made * interval '1 second' END,
      CASE WHEN made = 0 THEN NULL WHEN state = 'succeeded' THEN 200 ELSE failure_status END,
      CASE WHEN made > 0 AND state <> 'succeeded' THEN failure END,
      CASE WHEN ${ONCE} THEN ${ATTEMPT_ID} END, CASE WHEN ${ONCE} THEN 200 END, CASE WHEN ${ONCE} THEN at + interval '1 second' END,
      CASE WHEN ${ONCE} THEN (how * 200)::integer END, CASE WHEN ${ONCE} THEN '${DETAIL}' END
    FROM (SELECT *, made AS number FROM seeded_deliveries) AS d`);
  await tx.query(`INSERT INTO dead_letters (id, tenant, webhook_id, event_id, event_type, event_source, event_time, event_headers, accepted_at, content_type, data,
      reason, attempts, first_attempt_at, dead_at, resolved_at, resolved_by)
    SELECT delivery_id, tenant, webhook_id, id, type, source, at::text, '{}', at, 'application/json', ${DATA},
      CASE WHEN fate < 0.9849 THEN 'attempts_exhausted' ELSE 'gone' END, made, at + interval '1 second', at + interval '3 seconds',
      CASE WHEN how < 0.05 THEN at + interval '1 hour' END, CASE WHEN how < 0.05 THEN 'usr_bench' END
    FROM seeded_deliveries AS e WHERE state = 'dead' ON CONFLICT DO NOTHING`);
}

const DATA = `convert_to('{"order":"' || e.id || '","customer":"' || e.customer || '","text":"' || repeat('x', 320) || '"}', 'UTF8')`;
/** Its first half is the time at which it was made, as those of all ids. */
const ATTEMPT_ID = `'att_' || lpad(to_hex(at_ms + number * 1000), 12, '0') || substr(md5(delivery_id || number), 1, 20)`;
/** The only attempt of one that succeeded at once is in the row of its delivery (migration 0059). */
const ONCE = `(made = 1 AND state = 'succeeded')`;
const DETAIL = JSON.stringify({
  url: 'https://receiver.example/hook',
  timings: { firstByteMs: 12.25 },
  requestHeaders: { 'content-type': 'application/json', 'user-agent': 'Hookline/0.1', 'webhook-signature': '***' },
  responseHeaders: { server: 'nginx', 'content-type': 'application/json', 'content-length': '15' },
  responseBody: '{"status":"ok"}',
});

/** Exactly: it is what the figures are said of. */
async function counted(database: Database): Promise<Pick<Seeded, 'events' | 'deliveries' | 'attempts'>> {
  const count = async (table: string) => {
    const { rows } = await database.query<{ rows: number }>(`SELECT count(*)::integer AS rows FROM ${table}`);
    return rows[0]?.rows ?? 0;
  };
  return {
    events: await count('events'),
    deliveries: await count('deliveries'),
    attempts: await count('every_attempt'),
  };
}
