import { randomBytes } from 'node:crypto';
import { openDatabase } from '../src/index.ts';

/** Writes rows until it is killed; tells its parent the id of each one that was acknowledged. */
const database = await openDatabase({ dataDir: process.argv[2] as string });
const { rows } = await database.query<{ next: number }>('SELECT coalesce(max(id), 0) + 1 AS next FROM acknowledged');
for (let id = rows[0]?.next ?? 1; ; id++) {
  await database.query('INSERT INTO acknowledged (id, payload) VALUES ($1, $2)', [id, randomBytes(3_000)]);
  process.send?.(id);
}
