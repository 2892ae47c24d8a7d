import type { IncomingMessage } from 'node:http';

/** How much is under way at once. What doesn't fit is refused at the door instead of queued. */
export interface Admission {
  /** Says whether a request with a body of so many bytes may come in; each that may must leave with the same number. */
  enter(bodyBytes: number): boolean;
  leave(bodyBytes: number): void;
}

export function createAdmission(maxRequests: number, maxBytes: number): Admission {
  let requests = 0;
  let bytes = 0;
  return {
    enter(bodyBytes) {
      if (requests >= maxRequests || bytes + bodyBytes > maxBytes) return false;
      requests++;
      bytes += bodyBytes;
      return true;
    },
    leave(bodyBytes) {
      requests--;
      bytes -= bodyBytes;
    },
  };
}

/** What a request's body may come to take; without a content-length that is the most that is read. */
export function announcedBytes(request: IncomingMessage, maxBytes: number): number {
  const announced = Number(request.headers['content-length'] ?? maxBytes);
  return Number.isSafeInteger(announced) ? Math.min(announced, maxBytes) : maxBytes;
}
