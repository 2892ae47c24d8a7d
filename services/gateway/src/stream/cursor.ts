/** Where somebody is in `webhook.attempts`: per partition, the offset of the next record. Text that a client keeps and need not understand. */
export function encodeCursor(position: readonly number[]): string {
  return position.map((offset) => offset.toString(36)).join('.');
}

/** Null for what no cursor of a topic with so many partitions can be. */
export function decodeCursor(text: string, partitions: number): number[] | null {
  if (!/^[0-9a-z]{1,10}(\.[0-9a-z]{1,10})*$/.test(text)) return null;
  const position = text.split('.').map((part) => Number.parseInt(part, 36));
  return position.length === partitions ? position : null;
}
