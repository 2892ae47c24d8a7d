import type { Database } from '@hookline/database';
import { digestOf, type DrainSlots, type SlotReservation } from '@hookline/limits';
import { createSweep } from './sweep.ts';

/** $1 key, $2 not before, $3 how long the places reserved are together */
const RESERVE = `
  INSERT INTO drain_slots AS held (key, first_at_ms, next_at_ms) VALUES ($1, $2::float8, $2::float8 + $3::float8)
  ON CONFLICT (key) DO UPDATE SET first_at_ms = greatest(held.next_at_ms, $2::float8),
    next_at_ms = greatest(held.next_at_ms, $2::float8) + $3::float8
  RETURNING first_at_ms AS "atMs"`;

/** $1 key, $2 not before */
const LOOK = 'SELECT greatest($2::float8, (SELECT next_at_ms FROM drain_slots WHERE key = $1)) AS "atMs"';

/** $1 now, $2 limit */
const SWEEP = `
  DELETE FROM drain_slots WHERE key = ANY (ARRAY(
    SELECT key FROM drain_slots WHERE next_at_ms <= $1 ORDER BY next_at_ms LIMIT $2 FOR UPDATE SKIP LOCKED))`;

export function createPostgresSlots(database: Database): DrainSlots {
  const sweep = createSweep(database, SWEEP);

  async function reserveOne({ key, count, intervalMs, fromMs = 0 }: SlotReservation, nowMs: number): Promise<number> {
    const place = [digestOf(key), Math.max(nowMs, fromMs)];
    const { rows } = await (count === 0
      ? database.query<{ atMs: number }>(LOOK, place)
      : database.query<{ atMs: number }>(RESERVE, [...place, count * intervalMs]));
    return rows[0]!.atMs;
  }

  return {
    async reserve(reservations, nowMs) {
      const places: number[] = [];
      for (const reservation of reservations) places.push(await reserveOne(reservation, nowMs));
      await sweep(reservations.length, nowMs);
      return places;
    },
  };
}
