import { expect, test } from '@jest/globals';
import { refusalOf } from './handshake.ts';

const ORIGIN = 'events.example.com';
const answered = (responseHeaders: Record<string, string>, status = 200) => ({ status, error: null, responseHeaders });

test.each<[string, Parameters<typeof refusalOf>[0], number | null, boolean]>([
  ['its origin', answered({ 'webhook-allowed-origin': ORIGIN }), null, true],
  ['its origin in other case', answered({ 'webhook-allowed-origin': 'Events.Example.com' }), null, true],
  ['any origin', answered({ 'webhook-allowed-origin': '*' }), null, true],
  ['an error that consents', answered({ 'webhook-allowed-origin': '*' }, 405), null, true],
  ['another origin', answered({ 'webhook-allowed-origin': 'example.com' }), null, false],
  ['nothing but 200', answered({}), null, false],
  ['no answer', { status: null, error: 'connect ECONNREFUSED' }, null, false],
  ['no rate where one was asked for', answered({ 'webhook-allowed-origin': '*' }), 60, false],
  ['any rate', answered({ 'webhook-allowed-origin': '*', 'webhook-allowed-rate': '*' }), 60, true],
  ['as many', answered({ 'webhook-allowed-origin': '*', 'webhook-allowed-rate': '60' }), 60, true],
  ['fewer', answered({ 'webhook-allowed-origin': '*', 'webhook-allowed-rate': '59' }), 60, false],
  ['a rate that is none', answered({ 'webhook-allowed-origin': '*', 'webhook-allowed-rate': '-1' }), 60, false],
])('%s', (_what, answer, rate, consents) => {
  expect(refusalOf(answer, ORIGIN, rate) === null).toBe(consents);
});
