import { expect, test } from '@jest/globals';
import { isFinal, isPermanent } from './errors.ts';

function kafkaError(name: string, fields: object = {}): Error {
  return Object.assign(new Error(name), { name, ...fields });
}

test('a refusal by authorization is permanent, however deep it lies', () => {
  const cause = kafkaError('KafkaJSProtocolError', { type: 'GROUP_AUTHORIZATION_FAILED' });
  expect(isPermanent(kafkaError('KafkaJSNumberOfRetriesExceeded', { cause }))).toBe(true);
  expect(isPermanent(kafkaError('KafkaJSSASLAuthenticationError'))).toBe(true);
});

test('brokers away, moved leaders and topics just made are not', () => {
  for (const type of ['UNKNOWN_TOPIC_OR_PARTITION', 'NOT_LEADER_FOR_PARTITION', 'REBALANCE_IN_PROGRESS']) {
    expect(isPermanent(kafkaError('KafkaJSProtocolError', { type }))).toBe(false);
  }
  expect(isPermanent(kafkaError('KafkaJSConnectionError', { code: 'ECONNREFUSED' }))).toBe(false);
  expect(isPermanent('text')).toBe(false);
});

test('a request that the store refuses for good is final, alone or among others', () => {
  const refused = kafkaError('KafkaJSProtocolError', { type: 'INVALID_PARTITIONS', retriable: false });
  const passing = kafkaError('KafkaJSProtocolError', { type: 'NOT_CONTROLLER', retriable: true });
  expect([isFinal(refused), isFinal(passing), isFinal(undefined)]).toEqual([true, false, false]);
  expect(isFinal(kafkaError('KafkaJSAggregateError', { errors: [passing, refused] }))).toBe(true);
  expect(isFinal(kafkaError('KafkaJSAggregateError', { errors: [passing] }))).toBe(false);
});
