import type { PushEventMessage } from '@hookline/contracts/grpc';
import { invalidField } from './errors.ts';
import { typeOf } from './event-type.ts';

/** An event as ingestion takes it: its payload as it is, in JSON around it. @throws InvalidInput naming the field */
export function eventBody(request: PushEventMessage): string {
  const { namespace, payload, ttlSeconds, id, source, subject, partitionKey, metadata } = request;
  const type = typeOf(request);
  if (ttlSeconds < 0) throw invalidField('ttl_seconds', 'must not be negative; 0 is none');
  requireJson(payload);
  const members = {
    ...(id === '' ? {} : { id }),
    type,
    source: source === '' ? namespace : source,
    ...(ttlSeconds === 0 ? {} : { ttl: `${ttlSeconds}s` }),
    ...(subject === '' ? {} : { subject }),
    ...(partitionKey === '' ? {} : { partitionkey: partitionKey }),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
  };
  return `${JSON.stringify(members).slice(0, -1)},"data":${payload}}`;
}

/** Also that nothing can stand in it but one value: what follows a payload in a body is the event's. */
function requireJson(payload: string): void {
  if (payload === '') throw invalidField('payload', 'is required: JSON');
  try {
    JSON.parse(payload);
  } catch {
    throw invalidField('payload', 'must be JSON');
  }
}
