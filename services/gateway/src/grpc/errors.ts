import type { status } from '@grpc/grpc-js';
import { Metadata } from '@grpc/grpc-js';
import { HooklineError, InvalidInput, type Problem } from '@hookline/domain';
import { encodeStatusDetails, grpcErrorOf, STATUS_DETAILS_TRAILER } from '@hookline/service-kit/grpc';

/** What a call is answered with when it fails: clients' libraries show code and details, so these name the field. */
export interface CallError {
  code: status;
  details: string;
  metadata: Metadata;
}

/** Trailers have a bound (64 KiB here); who sees this many will not look for the next one. */
const MAX_VIOLATIONS = 20;
const MAX_DESCRIPTION = 500;

/** A field is at fault. @param field as the message of the call has it: `url`, `headers.x-shop` */
export function invalidField(field: string, detail: string): InvalidInput {
  return new InvalidInput('The call is not as it must be.', { problems: [{ pointer: `/${field}`, detail }] });
}

export function callErrorOf(error: unknown): CallError {
  const { code, details: message } = grpcErrorOf(error);
  const metadata = new Metadata();
  if (!(error instanceof HooklineError)) {
    const violations: never[] = [];
    metadata.set(STATUS_DETAILS_TRAILER, encodeStatusDetails({ code, message, reason: 'internal_error', violations }));
    return { code, details: message, metadata };
  }
  const violations = error.problems.slice(0, MAX_VIOLATIONS).map(({ pointer, detail }) => ({
    field: fieldOf(pointer),
    description: detail.slice(0, MAX_DESCRIPTION),
  }));
  const details = messageOf(error);
  metadata.set(
    STATUS_DETAILS_TRAILER,
    encodeStatusDetails({ code, message: details, reason: error.code, violations, ...retryOf(error) }),
  );
  return { code, details, metadata };
}

/** `The webhook is not valid. url: must begin with https:// or http://` */
export function messageOf({ message, problems }: HooklineError): string {
  const shown = problems.slice(0, 5).flatMap(({ pointer, detail }) => {
    const field = fieldOf(pointer);
    return field === '' ? [] : [`${field}: ${detail}`];
  });
  return [message, ...shown].join(' ').slice(0, 2_000);
}

function retryOf({ retryable, retryAfterMs }: HooklineError): { retryAfterSeconds?: number } {
  return retryable ? { retryAfterSeconds: Math.ceil((retryAfterMs ?? 1_000) / 1_000) } : {};
}

/** Fields of REST's bodies that our messages call otherwise. */
const FIELDS: Record<string, string> = {
  event_types: 'event',
  type: 'event',
  data: 'payload',
  ttl: 'ttl_seconds',
  timeout: 'timeout_seconds',
  partitionkey: 'partition_key',
};

/** The field of the call's message that a pointer names: `/event_types/0` and `/events/7/type` are `event`, `/headers/x-shop` is `headers.x-shop`. */
export function fieldOf(pointer: Problem['pointer']): string {
  const [first = '', ...rest] = pointer
    .replace(/^\/events\/\d+/, '')
    .replace(/^[/?]/, '')
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const field = FIELDS[first];
  return field ?? [first, ...rest].join('.');
}
