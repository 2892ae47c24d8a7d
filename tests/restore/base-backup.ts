import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PostgresPart } from '@hookline/testkit';
import { Client } from 'pg';

/**
 * A copy of a server that goes on working, as pg_basebackup makes one: the files between start and stop, the label, and the write-ahead log up to the stop. A server started
 * on `target` comes up as of the stop.
 */
export async function takeBaseBackup(postgres: PostgresPart, target: string): Promise<void> {
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  try {
    await client.query(`SELECT pg_backup_start('drill', fast => true)`);
    const [from, to] = [join(postgres.dataDir, 'cluster'), join(target, 'cluster')];
    // Files that vanish meanwhile are in the write-ahead log.
    cpSync(from, to, { recursive: true, filter: (path) => existsSync(path) && !path.endsWith('postmaster.pid') });
    const { rows } = await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)');
    writeFileSync(join(to, 'backup_label'), rows[0]!.labelfile);
    rmSync(join(to, 'pg_wal'), { recursive: true });
    cpSync(join(from, 'pg_wal'), join(to, 'pg_wal'), { recursive: true });
    // Started by root, the server runs as somebody else, whose files these must be.
    const { uid, gid } = statSync(from);
    spawnSync('chown', ['-R', `${uid}:${gid}`, target]);
  } finally {
    await client.end();
  }
}
