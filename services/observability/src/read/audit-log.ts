import type { Cursor } from './cursor.ts';
import { encodeCursor } from './cursor.ts';
import { readPage, type Condition, type Page } from './list.ts';
import type { PageRequest } from './page-request.ts';
import type { Reader } from './reader.ts';

export interface AuditFound {
  id: string;
  at: Date;
  actor: string;
  via: string;
  credential: string | null;
  action: string;
  target_type: string;
  target_id: string;
  before: object | null;
  after: object | null;
  address: string | null;
  request_id: string | null;
  trace_id: string | null;
}

const COLUMNS = `id, at, actor, via, credential, action, target_type, target_id, before, after, address, request_id, trace_id`;
/** Each has an index with the time behind it. */
const FILTERS = { target: 'target_id', actor: 'actor', action: 'action' } as const;
const PAGE_OF_EXPORT = 200;
/** One export: what is further is for the next, by the cursor in its last line. The gateway waits 10 s for the end of an answer. */
const MOST_EXPORTED = 50_000;
const LONGEST_EXPORT_MS = 7_000;

/** A tenant's audit log, newest first. */
export function auditLog(reader: Reader, tenant: string, request: PageRequest): Promise<Page<AuditFound>> {
  const wanted = Object.entries(FILTERS).flatMap(([name, column]): Condition[] => {
    const value = request.filters[name];
    return value === undefined ? [] : [[`${column} = ?`, value]];
  });
  const [first, ...rest] = wanted;
  const indexed: Condition[] = [['tenant = ?', tenant], ...(first === undefined ? [] : [first])];
  const list = { from: 'audit_log', columns: COLUMNS, at: 'at', id: 'id', indexed, scanned: rest };
  return readPage<AuditFound>(reader, list, request, placeOf);
}

/**
 * The same as lines of JSON, as they are read. Ends with a line that has the `next_cursor`: where the export ended because it was large enough, or null. One that ends
 * without that line was broken off.
 */
export async function* exportAuditLog(
  reader: Reader,
  tenant: string,
  request: PageRequest,
  first: Page<AuditFound>,
): AsyncGenerator<string> {
  const endsAtMs = performance.now() + LONGEST_EXPORT_MS;
  let page = first;
  for (let exported = 0; ;) {
    if (page.rows.length > 0) yield page.rows.map((row) => `${JSON.stringify(auditItem(row))}\n`).join('');
    exported += page.rows.length;
    if (page.next === null || exported >= MOST_EXPORTED || performance.now() > endsAtMs) break;
    page = await auditLog(reader, tenant, { ...request, limit: PAGE_OF_EXPORT, cursor: page.next });
  }
  yield `${JSON.stringify({ next_cursor: page.next === null ? null : encodeCursor(page.next) })}\n`;
}

export function auditItem(row: AuditFound): object {
  const { id, at, actor, via, credential, action, before, after, address } = row;
  return {
    id,
    at: at.toISOString(),
    actor: { subject: actor, via, credential },
    action,
    target: { type: row.target_type, id: row.target_id },
    before,
    after,
    address,
    request_id: row.request_id,
    trace_id: row.trace_id,
  };
}

function placeOf({ at, id }: AuditFound): Cursor {
  return { atMs: at.getTime(), id };
}
