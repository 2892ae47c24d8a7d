import type { Event, OrderingKey } from '@hookline/domain';

/** What makes the event one of a sequence, for a webhook that orders by it; null where the event has no such thing: it goes out as it comes. */
export function orderKeyOf(event: Event, orderBy: OrderingKey): string | null {
  switch (orderBy) {
    case 'partitionkey':
      return event.partitionKey ?? null;
    case 'subject':
      return event.subject ?? null;
    case 'source':
      return event.source;
    case 'webhook':
      return '';
  }
}
