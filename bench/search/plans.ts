import type { Database, Parameter } from '@hookline/database';
import { createQueries } from '../../services/observability/src/read/queries.ts';
import type { Reader } from '../../services/observability/src/read/reader.ts';
import { createCountEvents, createReadStats } from '../../services/observability/src/read/stats.ts';
import { readRoutes } from '../../services/observability/src/routes/reads.ts';
import { findRoutes, type Call } from '../../services/observability/src/routes/route.ts';
import { statsRoutes } from '../../services/observability/src/routes/stats.ts';
import { LARGE } from './seed.ts';
import { SHAPES, type Sample } from './shapes.ts';

/** The second of a round is as good as any. */
const ROUND = 1;
/** Of the children of an Append, one for each day, so many are shown. */
const DAYS_SHOWN = 1;

/** A page that shows how PostgreSQL finds what the API answers, statement by statement, as EXPLAIN tells it. */
export async function explainAll(database: Database, samples: readonly Sample[], about: string): Promise<string> {
  const parts = [
    '# How searches are found',
    `EXPLAIN (ANALYZE, BUFFERS) of what the API's lists and searches ask PostgreSQL, over ${about}, one with 60 % of them. Written by \`BENCH_PLANS=docs/search-plans.md npm run bench -- search\`; how long the answers took is in [benchmarks.md](benchmarks.md).`,
    `The tables are in partitions of a day. Of those that a statement has in its plan, the first is shown; the others are alike, and most are never executed, since the page was full before. A statement that goes as an earlier one is not shown again.`,
  ];
  const shown = new Map<string, string>();
  for (const [name, shape] of Object.entries(SHAPES)) {
    for (const sample of samples) {
      const heading = `${name}, ${sample.tenant === LARGE ? 'large' : 'small'} tenant`;
      const path = shape(sample, ROUND);
      parts.push(`## ${heading}`, `\`GET ${path}\``);
      for (const plan of await explain(database, sample.tenant, path)) {
        const known = shown.get(kindOf(plan));
        if (known === undefined) shown.set(kindOf(plan), heading);
        const took = /Execution Time: (.*)$/.exec(plan)?.[1];
        parts.push(known === undefined ? `\`\`\`\n${plan}\n\`\`\`` : `As of *${known}*, in ${took}.`);
      }
    }
  }
  return `${parts.join('\n\n')}\n`;
}

/** The same for plans that differ in values and numbers only. */
function kindOf(plan: string): string {
  return plan
    .split('\n')
    .filter(
      (line) =>
        !/Buffers: |Sort Method: |Groups: |Storage: |Heap Blocks: |Rows Removed|never executed|Planning/.test(line),
    )
    .join('\n')
    .replaceAll(/'[^']*'/g, '?')
    .replaceAll(/\d+/g, '');
}

/** Answers as observability does, and keeps how each of its statements went. */
async function explain(database: Database, tenant: string, path: string): Promise<string[]> {
  const plans: string[] = [];
  const reader: Reader = {
    async all<Row>(sql: string, parameters: readonly Parameter[]) {
      const { rows } = await database.query<Record<string, string>>(
        `EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) ${sql}`,
        parameters,
      );
      plans.push(shortened(rows.map((row) => String(row['QUERY PLAN']))).join('\n'));
      return (await database.query<Row>(sql, parameters)).rows;
    },
    one: async <Row>(sql: string, parameters: readonly Parameter[]) =>
      (await reader.all<Row>(sql, parameters))[0] ?? null,
  };
  const queries = createQueries(reader);
  const findEvent = async (of: string, id: string) => {
    const event = await queries.event(of, id);
    if (event === null) throw new Error(`there is no event ${id}`);
    return event;
  };
  const routes = [
    ...readRoutes({ queries, findEvent }),
    ...statsRoutes({
      readStats: createReadStats(reader),
      countEvents: createCountEvents(reader),
      clock: { now: () => Date.now() },
    }),
  ];
  const { pathname, searchParams } = new URL(path, 'http://localhost');
  const found = findRoutes(routes, pathname);
  if (found === null) throw new Error(`nothing answers ${pathname}`);
  await found.routes[0]?.answer({ tenant, id: found.id, query: searchParams, subject: '', body: undefined } as Call);
  return plans;
}

/** With few of the children of each node that has one for each day. */
function shortened(lines: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] as string;
    kept.push(line);
    if (!/^ *(?:-> +)?(?:Merge )?Append /.test(line)) continue;
    const depth = depthOf(line);
    let end = at + 1;
    while (end < lines.length && depthOf(lines[end] as string) > depth) end++;
    const below = lines.slice(at + 1, end);
    const firstChild = below.findIndex((child) => child.includes('->'));
    const children = blocksOf(below.slice(firstChild));
    kept.push(...below.slice(0, firstChild), ...children.slice(0, DAYS_SHOWN).flat());
    const others = children.slice(DAYS_SHOWN);
    if (others.length > 0) {
      const idle = others.filter(([first]) => first?.includes('never executed')).length;
      kept.push(
        `${' '.repeat(depthOf(below[firstChild] as string))}-> ... ${others.length} more, ${idle} of them never executed`,
      );
    }
    at = end - 1;
  }
  return kept;
}

/** A line that begins a child, with those that say more of it. */
function blocksOf(lines: readonly string[]): string[][] {
  const [first = ''] = lines;
  const blocks: string[][] = [];
  for (const line of lines) {
    if (depthOf(line) === depthOf(first)) blocks.push([]);
    blocks.at(-1)?.push(line);
  }
  return blocks;
}

function depthOf(line: string): number {
  return line.length - line.trimStart().length;
}
