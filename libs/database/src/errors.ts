import { HooklineError, Unavailable } from '@hookline/domain';
import { DatabaseError } from 'pg';

/*
 * What the server itself says about a statement (a duplicate key, a syntax error) passes through as pg's DatabaseError.
 * Everything that another try may cure becomes Unavailable.
 */

/** Somebody else holds the lock that was asked for, and works under it. */
export class LockHeld extends Unavailable {}

/** Classes and codes of https://www.postgresql.org/docs/current/errcodes-appendix.html that a later try may not meet. */
const TRANSIENT = [
  '08', // connection exception
  '28', // refused at the door: a matter of configuration, but the statement is as good as any
  '3D', // the database isn't there (yet)
  '40', // serialisation failure, deadlock
  '53', // out of disk, memory, connections
  '57', // shut down, starting up, cancelled by a timeout
  '58', // I/O error
  '55P03', // lock timeout
  '25P03', // idle in a transaction for too long
  '25P04', // transaction timeout
];

/** The SQLSTATE of an error that the server reported, undefined for any other. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof DatabaseError ? error.code : undefined;
}

/** A row with that key exists already; `constraint` narrows it to one constraint or index. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (!(error instanceof DatabaseError) || error.code !== '23505') return false;
  return constraint === undefined || error.constraint === constraint;
}

/** The constraint by which a row names another that isn't there; undefined for any other error. */
export function violatedReference(error: unknown): string | undefined {
  return error instanceof DatabaseError && error.code === '23503' ? error.constraint : undefined;
}

/** True when the connection can still be used after this error: the server answered and stays. */
export function leavesConnectionUsable(error: unknown): boolean {
  return error instanceof DatabaseError && error.severity === 'ERROR';
}

/** What PgBouncer says to somebody who brings a setting along. */
export function refusesStartupParameter(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === '08P01' && /startup parameter/.test(error.message);
}

export function toDomainError(error: unknown): unknown {
  if (error instanceof HooklineError) return error;
  if (error instanceof DatabaseError) {
    const code = error.code ?? '';
    if (!TRANSIENT.some((prefix) => code.startsWith(prefix))) return error;
    return new Unavailable(`the database could not do it now: ${error.message} (${code})`, { cause: error });
  }
  if (error instanceof TypeError || error instanceof RangeError) return error;
  return new Unavailable(`the database is away: ${reason(error)}`, { cause: error });
}

function reason(error: unknown): string {
  // Node gathers the failures of all addresses of a name; their messages are inside.
  if (error instanceof AggregateError) return error.errors.map(reason).join(', ');
  return error instanceof Error ? error.message : String(error);
}
