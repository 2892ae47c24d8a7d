/**
 * What becomes of an event whose data doesn't fit the schema of its type: nothing; it is marked (`tag`); it is kept, and delivered to nobody
 * (`quarantine`); or it is refused (`reject`).
 */
export type OnMismatch = 'none' | 'tag' | 'quarantine' | 'reject';

export const ON_MISMATCH = ['none', 'tag', 'quarantine', 'reject'] as const satisfies OnMismatch[];

export function isOnMismatch(text: string): text is OnMismatch {
  return (ON_MISMATCH as readonly string[]).includes(text);
}

/** The name in an event's metadata under which it is said that its data doesn't fit, so that filters and searches find it. */
export const SCHEMA_MARK = 'hookline.schema';

export const MISMATCHED = 'mismatched';
/** It is delivered to nobody. */
export const QUARANTINED = 'quarantined';

export function isQuarantined({ metadata }: { metadata?: Readonly<Record<string, string>> }): boolean {
  return metadata?.[SCHEMA_MARK] === QUARANTINED;
}
