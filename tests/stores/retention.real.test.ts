import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { useRealParts } from '@hookline/testkit';
import { Client } from 'pg';
import { ROOT } from '../docs/markdown.ts';

const parts = useRealParts({ postgres: true });

/** What a tool says that must succeed. */
async function run(databaseUrl: string, tool: string, ...args: string[]): Promise<string> {
  const env = { PATH: process.env['PATH'], DATABASE_URL: databaseUrl, LOG_LEVEL: 'error' };
  const { stdout } = await promisify(execFile)(process.execPath, [join(ROOT, 'tools', tool), ...args], { env });
  return stdout;
}

test('a dry run of retention says what would go, and removes nothing; without it that goes', async () => {
  const url = await parts.createDatabase();
  await run(url, 'prepare-stores.ts');
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("SELECT observability_make_day('2026-01-02'::date)");
    await client.query(
      `INSERT INTO audit_log (id, tenant, at, actor, via, action, target_type, target_id)
       VALUES ('aud_1', 'acme', '2020-01-01', 'usr_1', 'login', 'webhook.create', 'webhook', 'wh_1')`,
    );
    const left = async () => {
      const { rows } = await client.query(
        "SELECT to_regclass('events_20260102') IS NOT NULL AS day, (SELECT count(*)::int FROM audit_log) AS entries",
      );
      return rows[0] as object;
    };

    const told = await run(url, 'retention.ts', '--dry-run');
    expect(told).toContain('2026-01-02: to be dropped, about 0 events');
    expect(told).toContain('0 dead letters and 1 entries of the audit log to be deleted');
    expect(told).toContain('Nothing was changed.');
    expect(await left()).toEqual({ day: true, entries: 1 });

    expect(await run(url, 'retention.ts')).toContain('Removed: 1 days');
    expect(await left()).toEqual({ day: false, entries: 0 });
  } finally {
    await client.end();
  }
}, 120_000);
