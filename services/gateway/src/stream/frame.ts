import type { Page } from './backlog.ts';
import { encodeCursor } from './cursor.ts';
import { isSelected, type Selection } from './selection.ts';

/** What one page has for a selection. Written once, however many clients get it. */
export interface Frame {
  /** Where a client is that has got it. */
  cursor: string;
  /** JSON of each entry. */
  entries: readonly string[];
  /** A WebSocket's message. */
  message(): Buffer;
  /** A server-sent event. */
  event(): Buffer;
}

/** Null: the page has nothing for it. */
export function frameOf(page: Page, selection: Selection): Frame | null {
  return createFrame(
    page.entries.filter((entry) => isSelected(selection, entry)).map(({ json }) => json),
    page.cursor,
  );
}

/** The same for somebody who has seen some of the page already. */
export function frameFrom(page: Page, selection: Selection, seen: readonly number[]): Frame | null {
  const unseen = page.entries.filter(
    (entry) => entry.offset >= (seen[entry.partition] ?? 0) && isSelected(selection, entry),
  );
  const position = page.position.map((offset, partition) => Math.max(offset, seen[partition] ?? 0));
  return createFrame(
    unseen.map(({ json }) => json),
    encodeCursor(position),
  );
}

function createFrame(entries: readonly string[], cursor: string): Frame | null {
  if (entries.length === 0) return null;
  const list = `[${entries.join(',')}]`;
  let message: Buffer | undefined;
  let event: Buffer | undefined;
  return {
    cursor,
    entries,
    message: () => (message ??= Buffer.from(`{"type":"entries","cursor":"${cursor}","data":${list}}`, 'utf8')),
    event: () => (event ??= Buffer.from(`id: ${cursor}\nevent: entries\ndata: ${list}\n\n`, 'utf8')),
  };
}
