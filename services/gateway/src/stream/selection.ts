import { isPattern, matches, type Problem } from '@hookline/domain';
import type { Entry } from './entry.ts';

/** What somebody wants to see of a tenant's. */
export interface Selection {
  tenant: string;
  /** Ids; empty: of all. */
  webhooks: readonly string[];
  /** Empty: all. */
  types: readonly string[];
  /** Null: both, and changes of state without a request. */
  outcome: 'succeeded' | 'failed' | null;
}

const MOST_WEBHOOKS = 20;
const MOST_TYPES = 20;

/** A selection as a query writes it; webhooks may be named by their uid there. */
export type AskedSelection = Omit<Selection, 'tenant'>;

/** `?webhook=…&type=…&outcome=…`; the first two may be repeated. */
export function readSelection(query: URLSearchParams, problems: Problem[]): AskedSelection {
  const webhooks = [...new Set(query.getAll('webhook'))];
  const types = [...new Set(query.getAll('type'))];
  const outcome = query.get('outcome');
  const check = (pointer: string, detail: string | null) => detail !== null && problems.push({ pointer, detail });
  check('?webhook', webhooks.length > MOST_WEBHOOKS ? `must be given at most ${MOST_WEBHOOKS} times` : null);
  check('?webhook', webhooks.includes('') ? "must be a webhook's id or uid" : null);
  check('?type', types.length > MOST_TYPES ? `must be given at most ${MOST_TYPES} times` : null);
  check('?type', types.every(isPattern) ? null : 'must be an event type (order.created), a prefix (order.*) or *');
  check('?outcome', query.getAll('outcome').length > 1 ? 'must be given once' : null);
  if (outcome !== null && outcome !== 'succeeded' && outcome !== 'failed') {
    check('?outcome', 'must be succeeded or failed');
    return { webhooks, types, outcome: null };
  }
  return { webhooks, types, outcome };
}

/** Selections that are alike have the same key. */
export function selectionKey({ tenant, webhooks, types, outcome }: Selection): string {
  return JSON.stringify([tenant, webhooks.toSorted(), types.toSorted(), outcome]);
}

export function isSelected({ tenant, webhooks, types, outcome }: Selection, entry: Entry): boolean {
  return (
    entry.tenant === tenant &&
    (outcome === null || entry.outcome === outcome) &&
    (webhooks.length === 0 || webhooks.includes(entry.webhookId)) &&
    (types.length === 0 || types.some((pattern) => matches(pattern, entry.type)))
  );
}
