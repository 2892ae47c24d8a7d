/** The version of a resource, in answers and conditions (RFC 9110, 8.8.3 and 13.1). */
export function etagOf(revision: number): string {
  return `"${revision}"`;
}

/** The revisions that `If-Match` allows; empty: any. Weak tags, and tags that are not ours, match none. */
export function revisionsOf(ifMatch: string | undefined): number[] {
  if (ifMatch === undefined || ifMatch.trim() === '*') return [];
  const revisions = [...ifMatch.matchAll(/(?:^|,)\s*"(\d{1,15})"\s*(?=,|$)/g)].map(([, digits]) => Number(digits));
  return revisions.length > 0 ? revisions.slice(0, MOST) : [NO_REVISION];
}

const MOST = 20;
const NO_REVISION = -1;

/** Whether `If-None-Match` says that the client has it already. */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
