import { describe, expect, test } from '@jest/globals';
import { decodeChange, encodeChange, type WebhookChange } from './change-record.ts';

const WEBHOOK: WebhookChange = {
  id: 'wh_1',
  tenant: 'default',
  url: 'https://user.example/hooks',
  eventTypes: ['order.*'],
  sealedHeaders: '',
  sealedSecrets: '',
  status: 'enabled',
  policy: 'standard',
};

describe('a change of a webhook', () => {
  test('is read as it was written', () => {
    expect(decoded(WEBHOOK)).toEqual({ kind: 'changed', revision: 7, webhook: WEBHOOK });
  });

  test('with a policy of a newer registry is read, and tried by quick', () => {
    expect(decoded({ ...WEBHOOK, policy: 'patient' })).toEqual({
      kind: 'changed',
      revision: 7,
      webhook: { ...WEBHOOK, policy: 'quick' },
      unknownPolicy: 'patient',
    });
    // Names that every object has are no policies either.
    expect(decoded({ ...WEBHOOK, policy: 'constructor' })).toMatchObject({ webhook: { policy: 'quick' } });
  });

  test.each([
    [
      'a status that is not known',
      { ...WEBHOOK, status: 'archived' },
      'status must be one of enabled, paused, disabled',
    ],
    ['types that are no text', { ...WEBHOOK, eventTypes: [1] }, 'eventTypes must be an array of strings'],
    ['a policy that is no text', { ...WEBHOOK, policy: 1 }, 'policy must be a string'],
    ['nothing', null, 'id must be a string'],
  ])('with %s is unreadable', (_what, value, reason) => {
    expect(decoded(value)).toEqual({ kind: 'unreadable', reason });
  });
});

function decoded(value: object | null): ReturnType<typeof decodeChange> {
  const record = encodeChange('wh_1', 7, WEBHOOK);
  return decodeChange({
    ...record,
    key: 'wh_1',
    value: Buffer.from(JSON.stringify(value)),
    partition: 0,
    offset: 0,
    timestampMs: 0,
  });
}
