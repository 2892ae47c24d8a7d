import type { Database } from '@hookline/database';
import { LARGE, SMALL, webhookId } from './seed.ts';

/** What one tenant is asked about, different in each round. */
export interface Sample {
  tenant: string;
  /** A type and a source that hardly any event of the tenant has. */
  rareType: string;
  rareSource: string;
  events: Row[];
  deliveries: Row[];
  letters: Row[];
}

interface Row {
  id: string;
  event: string;
  customer: string;
  atMs: number;
}

/** A kind of question: the path with its query, of a sample in some round. */
export type Shape = (sample: Sample, round: number) => string;

const SAMPLES = 200;
const HOUR_MS = 3_600_000;

/** Taken from all over the time that the tables cover. */
export async function takeSamples(database: Database): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const tenant of [LARGE, SMALL]) {
    samples.push({
      tenant,
      rareType: tenant === LARGE ? 'order.rare' : 'type.7',
      rareSource: '/migration',
      events: await sampled(
        database,
        'events',
        tenant,
        `id, id AS event, coalesce(metadata ->> 'customer', 'c-1') AS customer, accepted_at AS at`,
      ),
      deliveries: await sampled(
        database,
        'deliveries',
        tenant,
        `id, event_id AS event, '' AS customer, accepted_at AS at`,
      ),
      letters: await sampled(database, 'dead_letters', tenant, `id, event_id AS event, '' AS customer, dead_at AS at`),
    });
  }
  return samples;
}

async function sampled(database: Database, table: string, tenant: string, columns: string): Promise<Row[]> {
  const some = tenant === LARGE ? 'TABLESAMPLE SYSTEM (1)' : '';
  const { rows } = await database.query<Omit<Row, 'atMs'> & { at: Date }>(
    `SELECT ${columns} FROM ${table} ${some} WHERE tenant = $1 ORDER BY md5(id) LIMIT ${SAMPLES}`,
    [tenant],
  );
  return rows.map(({ at, ...row }) => ({ ...row, atMs: at.getTime() }));
}

function page(path: string, query: Record<string, string>): string {
  const text = new URLSearchParams(query).toString();
  return text === '' ? path : `${path}?${text}`;
}

const events = (query: (sample: Sample, row: Row) => Record<string, string>): Shape =>
  over('events', (sample, row) => page('/api/v1/events', query(sample, row)));
const deliveries = (query: (sample: Sample, row: Row) => Record<string, string>): Shape =>
  over('deliveries', (sample, row) => page('/api/v1/deliveries', query(sample, row)));
const letters = (query: (sample: Sample, row: Row) => Record<string, string>): Shape =>
  over('letters', (sample, row) => page('/api/v1/dead-letters', query(sample, row)));

function over(rows: 'events' | 'deliveries' | 'letters', path: (sample: Sample, row: Row) => string): Shape {
  return (sample, round) => path(sample, sample[rows][round % sample[rows].length] as Row);
}

/** Where a client is that has paged down to the row. */
function cursorAt({ atMs, id }: Row): string {
  return Buffer.from(`${atMs} ${id}`).toString('base64url');
}

function hourFrom({ atMs }: Row): { after: string; before: string } {
  return { after: new Date(atMs).toISOString(), before: new Date(atMs + HOUR_MS).toISOString() };
}

const webhook = (name: string) => (sample: Sample) => webhookId(sample.tenant, name);
const [everything, idle] = [webhook('*'), webhook('idle')];
const rare = (sample: Sample) => webhookId(sample.tenant, sample.rareType);

/** Frequent values, rare ones, and such as nothing has. */
export const SHAPES: Record<string, Shape> = {
  'events, newest': events(() => ({})),
  'events, 200 of them': events(() => ({ limit: '200' })),
  'events, deep': events((_, row) => ({ cursor: cursorAt(row) })),
  'events of an hour': events((_, row) => hourFrom(row)),
  'events by type, frequent': events(() => ({ type: 'order.created' })),
  'events by type, frequent, deep': events((_, row) => ({ type: 'order.created', cursor: cursorAt(row) })),
  'events by type, rare': events(({ rareType }) => ({ type: rareType })),
  'events by type, none': events(() => ({ type: 'no.such' })),
  'events by source, frequent': events(() => ({ source: '/shop' })),
  'events by source, rare': events(({ rareSource }) => ({ source: rareSource })),
  'events by source, none': events(() => ({ source: '/none' })),
  'events by source, none, deep': events((_, row) => ({ source: '/none', cursor: cursorAt(row) })),
  'events by id': events((_, { id }) => ({ id })),
  'events by id, none': events(() => ({ id: 'none' })),
  'events by metadata, frequent': events(() => ({ 'metadata.region': 'eu' })),
  'events by metadata, frequent, deep': events((_, row) => ({ 'metadata.region': 'eu', cursor: cursorAt(row) })),
  'events by metadata, rare': events((_, { customer }) => ({ 'metadata.customer': customer })),
  'events by metadata, none': events(() => ({ 'metadata.region': 'mars' })),
  'events by two metadata': events((_, { customer }) => ({ 'metadata.region': 'eu', 'metadata.customer': customer })),
  'events by metadata and rare type': events(({ rareType }) => ({ 'metadata.region': 'eu', type: rareType })),
  'an event': over('events', (_, { id }) => `/api/v1/events/${id}`),
  'deliveries, newest': deliveries(() => ({})),
  'deliveries, 200 of them': deliveries(() => ({ limit: '200' })),
  'deliveries, deep': deliveries((_, row) => ({ cursor: cursorAt(row) })),
  'deliveries of an hour': deliveries((_, row) => hourFrom(row)),
  'deliveries by webhook': deliveries((sample) => ({ webhook: everything(sample) })),
  'deliveries by webhook, rare': deliveries((sample) => ({ webhook: rare(sample) })),
  'deliveries by webhook, none': deliveries((sample) => ({ webhook: idle(sample) })),
  'deliveries by event': deliveries((_, { event }) => ({ event })),
  'deliveries by event, none': deliveries(() => ({ event: 'none' })),
  'deliveries, succeeded': deliveries(() => ({ state: 'succeeded' })),
  'deliveries, dead': deliveries(() => ({ state: 'dead' })),
  'deliveries, dead, deep': deliveries((_, row) => ({ state: 'dead', cursor: cursorAt(row) })),
  'deliveries, pending (none)': deliveries(() => ({ state: 'pending' })),
  'deliveries by type, frequent': deliveries(() => ({ type: 'order.created' })),
  'deliveries by type, rare': deliveries(({ rareType }) => ({ type: rareType })),
  'deliveries by type, none': deliveries(() => ({ type: 'no.such' })),
  'deliveries by answer, 2xx': deliveries(() => ({ status_class: '2xx' })),
  'deliveries by answer, 5xx': deliveries(() => ({ status_class: '5xx' })),
  'deliveries by answer, 3xx (none)': deliveries(() => ({ status_class: '3xx' })),
  'deliveries by failure, frequent': deliveries(() => ({ class: 'timeout' })),
  'deliveries by failure, rare': deliveries(() => ({ class: 'dns' })),
  'deliveries by failure, none, deep': deliveries((_, row) => ({ class: 'tls', cursor: cursorAt(row) })),
  'a delivery with its attempts': over('deliveries', (_, { id }) => `/api/v1/deliveries/${id}`),
  'attempts, newest': () => '/api/v1/attempts',
  'attempts, deep': over('deliveries', (_, row) => page('/api/v1/attempts', { cursor: cursorAt(row) })),
  'attempts, failed': () => '/api/v1/attempts?outcome=failed',
  'attempts by answer, 3xx (none)': () => '/api/v1/attempts?status_class=3xx',
  'deliveries of a webhook': (sample) => `/api/v1/webhooks/${everything(sample)}/deliveries`,
  'dead deliveries of a webhook': (sample) => `/api/v1/webhooks/${everything(sample)}/deliveries?state=dead`,
  'deliveries of a webhook, 3xx (none)': (sample) =>
    `/api/v1/webhooks/${everything(sample)}/deliveries?status_class=3xx`,
  'statistics of a webhook': (sample) => `/api/v1/webhooks/${everything(sample)}/stats`,
  'statistics of a tenant': () => '/api/v1/stats',
  'dead letters, newest': letters(() => ({})),
  'dead letters, deep': letters((_, row) => ({ cursor: cursorAt(row) })),
  'dead letters by webhook': letters((sample) => ({ webhook: everything(sample) })),
  'dead letters by event': letters((_, { event }) => ({ event })),
  'dead letters by type, rare': letters(({ rareType }) => ({ type: rareType })),
  'dead letters by reason, none': letters(() => ({ reason: 'max_age' })),
  'dead letters, resolved': letters(() => ({ resolved: 'true' })),
  'a dead letter': over('letters', (_, { id }) => `/api/v1/dead-letters/${id}`),
};
