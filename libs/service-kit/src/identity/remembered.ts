import type { Identity } from './identity.ts';

/** Who was who, by the header that proved it, so that a busy client's costs a look-up in memory. */
export interface Remembered {
  get(authorization: string | undefined): Known | undefined;
  keep(authorization: string, known: Known): void;
  drop(authorization: string): void;
  /** Everything that one of these credentials proved. */
  forget(credentials: ReadonlySet<string>): void;
}

export interface Known {
  identity: Identity;
  /** Until then nobody needs to be asked. */
  freshUntilMs: number;
  /** Until then it holds while it is asked about, and where nobody can be asked. Absent: no longer than it is fresh. */
  keptUntilMs?: number;
}

/** Beyond it the one that was confirmed longest ago goes. */
const MAX_REMEMBERED = 10_000;

export function createRemembered(): Remembered {
  const known = new Map<string | undefined, Known>();
  return {
    get: (authorization) => known.get(authorization),
    keep(authorization, entry) {
      known.delete(authorization);
      if (known.size >= MAX_REMEMBERED) known.delete(known.keys().next().value);
      known.set(authorization, entry);
    },
    drop: (authorization) => void known.delete(authorization),
    forget(credentials) {
      for (const [authorization, { identity }] of known) {
        if (identity.credential !== null && credentials.has(identity.credential)) known.delete(authorization);
      }
    },
  };
}
