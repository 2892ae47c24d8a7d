import { Unavailable } from '@hookline/domain';

/** Settles like `promise`, or rejects with Unavailable once `deadlineMs` have passed (`promise` is then left to itself). */
export async function withDeadline<T>(
  promise: Promise<T>,
  deadlineMs: number,
  message: string,
  onExpiry?: () => void,
): Promise<T> {
  const { promise: expired, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    onExpiry?.();
    reject(new Unavailable(message));
  }, deadlineMs);
  try {
    return await Promise.race([promise, expired]);
  } finally {
    clearTimeout(timer);
  }
}
