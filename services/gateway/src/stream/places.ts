import { RateLimited, Unavailable } from '@hookline/domain';

/** How many streams there are, of everybody and of one tenant. */
export interface Places {
  readonly taken: number;
  /** Calls the answer, once, to leave. @throws Unavailable, RateLimited */
  take(tenant: string): () => void;
}

export interface PlacesBounds {
  all: number;
  perTenant: number;
}

const RETRY_AFTER_MS = 10_000;

export function createPlaces({ all, perTenant }: PlacesBounds): Places {
  const tenants = new Map<string, number>();
  let taken = 0;

  return {
    get taken() {
      return taken;
    },
    take(tenant) {
      if (taken >= all) throw new Unavailable('There are too many streams.', { code: 'overloaded' });
      const own = tenants.get(tenant) ?? 0;
      if (own >= perTenant) {
        const detail = `You have ${own} streams here already: end one of them.`;
        throw new RateLimited(detail, { code: 'too_many_streams', retryAfterMs: RETRY_AFTER_MS });
      }
      taken++;
      tenants.set(tenant, own + 1);
      let left = false;
      return () => {
        if (left) return;
        left = true;
        taken--;
        const others = (tenants.get(tenant) ?? 1) - 1;
        if (others === 0) tenants.delete(tenant);
        else tenants.set(tenant, others);
      };
    },
  };
}
