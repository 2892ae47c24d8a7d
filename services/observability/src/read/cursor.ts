import { InvalidInput } from '@hookline/domain';
import { cleanText } from '../write/clean.ts';

/** Where a page ended: the next one goes on with what is older. Both parts of it never change for a row, or only to older. */
export interface Cursor {
  atMs: number;
  id: string;
}

export function encodeCursor({ atMs, id }: Cursor): string {
  return Buffer.from(`${atMs} ${id}`, 'utf8').toString('base64url');
}

/** @throws InvalidInput */
export function decodeCursor(text: string): Cursor {
  const match = /^(\d{1,15}) (.{1,300})$/.exec(cleanText(Buffer.from(text, 'base64url').toString('utf8')));
  if (match !== null) return { atMs: Number(match[1]), id: match[2] as string };
  throw new InvalidInput('The cursor is not valid.', {
    problems: [{ pointer: '?cursor', detail: 'must be the next_cursor of a page' }],
  });
}
