import type { Job } from './engine-interface.ts';
import { createTenant, type Tenant } from './lanes.ts';
import { createWebhookQueue, type WebhookQueue } from './webhook-queue.ts';

/**
 * Every webhook's queue while it has work, and for the `maxIdle` that had some last what is known of them: a webhook whose queue runs empty between two
 * events is not to be found out about anew.
 */
export interface Queues<E> {
  /** That of the job's webhook, which gets something to do. */
  of(job: Job): WebhookQueue<E>;
  get(webhookId: string): WebhookQueue<E> | undefined;
  /** It has nothing to do. */
  isIdle(queue: WebhookQueue<E>): void;
  all(): Iterable<WebhookQueue<E>>;
}

export function createQueues<E>(maxIdle: number): Queues<E> {
  const queues = new Map<string, WebhookQueue<E>>();
  const tenants = new Map<string, Tenant>();
  /** The longest idle first. */
  const idle = new Set<WebhookQueue<E>>();

  function create({ webhookId, tenant: id }: Job): WebhookQueue<E> {
    let tenant = tenants.get(id);
    if (tenant === undefined) tenants.set(id, (tenant = createTenant(id)));
    tenant.queues++;
    const queue = createWebhookQueue<E>(webhookId, tenant, performance.now());
    queues.set(webhookId, queue);
    return queue;
  }

  function forget(queue: WebhookQueue<E>): void {
    const { tenant } = queue;
    queues.delete(queue.webhookId);
    if (--tenant.queues === 0) tenants.delete(tenant.id);
  }

  return {
    of(job) {
      const queue = queues.get(job.webhookId);
      if (queue === undefined) return create(job);
      if (idle.size > 0) idle.delete(queue);
      return queue;
    },
    get: (webhookId) => queues.get(webhookId),
    isIdle(queue) {
      queue.isHeld = false;
      idle.add(queue);
      if (idle.size <= maxIdle) return;
      const [longest] = idle as Iterable<WebhookQueue<E>>;
      if (longest === undefined) return;
      idle.delete(longest);
      forget(longest);
    },
    all: () => queues.values(),
  };
}
