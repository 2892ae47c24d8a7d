import type { DeliveryJson } from './log-json.ts';

export const TASK_STATUSES = ['PENDING', 'RETRY', 'SUCCESS', 'FAILURE'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

const RETRYING = new Set(['retrying', 'deferred']);

/** What a task queue says of an event: of its deliveries the one that is worst off decides, once all have ended. */
export function taskStatus(deliveries: readonly Pick<DeliveryJson, 'state'>[]): TaskStatus {
  const states = deliveries.map(({ state }) => state);
  if (states.length === 0 || states.includes('pending')) return 'PENDING';
  if (states.some((state) => RETRYING.has(state))) return 'RETRY';
  return states.every((state) => state === 'succeeded') ? 'SUCCESS' : 'FAILURE';
}
