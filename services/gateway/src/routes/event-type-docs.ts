import { answeredTime, anyJson, page, pageOf } from '@hookline/contracts/api';
import { ON_MISMATCH } from '@hookline/domain';
import { z } from 'zod';
import { jsonBody, type Operation } from '../openapi/operation.ts';
import { ETAG, EVENT_TYPE, IF_MATCH, IF_NONE_MATCH } from './resources.ts';
import { eventTypeBody } from './schemas.ts';

const eventTypeAnswer = z
  .strictObject({
    name: z.string(),
    description: z.string().nullable(),
    example: anyJson.optional(),
    schema: z.record(z.string(), z.unknown()).nullable(),
    on_mismatch: z.enum(ON_MISMATCH),
    created_at: answeredTime,
    updated_at: answeredTime,
  })
  .meta({ id: 'EventType' });
const eventTypePage = pageOf(eventTypeAnswer, 'By name.').meta({ id: 'EventTypePage' });

const EXAMPLE = {
  name: 'order.created',
  description: 'A customer has placed an order.',
  example: { total: 119.9 },
  schema: { type: 'object', required: ['total'], properties: { total: { type: 'number', minimum: 0 } } },
  on_mismatch: 'tag',
};

const tag = 'event types';
const pending = { 503: ['change_pending'] };

export const EVENT_TYPE_DOCS = {
  create: {
    id: 'createEventType',
    tag,
    summary: 'Add an event type to the catalogue',
    body: jsonBody(eventTypeBody, EXAMPLE),
    answers: {
      201: { description: 'It is there.', schema: eventTypeAnswer, headers: { ...ETAG, Location: 'Its address.' } },
    },
    problems: { ...pending, 409: ['event_type_taken', 'too_many_event_types'] },
  },
  list: {
    id: 'listEventTypes',
    tag,
    summary: 'List event types',
    query: page,
    answers: { 200: { description: 'A page.', schema: eventTypePage } },
  },
  get: {
    id: 'getEventType',
    tag,
    summary: 'Get an event type',
    resource: EVENT_TYPE,
    headers: IF_NONE_MATCH,
    answers: {
      200: { description: 'The event type.', schema: eventTypeAnswer, headers: ETAG },
      304: { description: 'It is as the client has it.', headers: ETAG },
    },
  },
  put: {
    id: 'putEventType',
    tag,
    summary: 'Make or replace an event type',
    resource: EVENT_TYPE,
    headers: IF_MATCH,
    body: jsonBody(eventTypeBody, { ...EXAMPLE, description: 'Somebody has placed an order.' }),
    answers: {
      200: { description: 'It was replaced.', schema: eventTypeAnswer, headers: ETAG },
      201: { description: 'It was made.', schema: eventTypeAnswer, headers: ETAG },
    },
    problems: { ...pending, 409: ['too_many_event_types'], 412: ['precondition_failed'] },
  },
  delete: {
    id: 'deleteEventType',
    tag,
    summary: 'Delete an event type',
    resource: EVENT_TYPE,
    headers: IF_MATCH,
    answers: { 204: { description: 'It is gone.' } },
    problems: { ...pending, 412: ['precondition_failed'] },
  },
} as const satisfies Record<string, Operation>;
