import { Unavailable } from '@hookline/domain';

/**
 * Settles like `promise`, or rejects with Unavailable (`<what> did not answer within <n> ms`) once `deadlineMs` have passed; `promise` is left
 * to itself then, and its later failure bothers nobody.
 */
export async function within<T>(deadlineMs: number, what: string, promise: Promise<T>): Promise<T> {
  const { promise: expired, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Unavailable(`${what} did not answer within ${deadlineMs} ms`)),
    Math.max(0, deadlineMs),
  );
  try {
    return await Promise.race([promise, expired]);
  } finally {
    clearTimeout(timer);
  }
}
