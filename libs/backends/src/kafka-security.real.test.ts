import { TOPIC } from '@hookline/contracts';
import type { EventLog } from '@hookline/event-log';
import { createKafkaEventLog } from '@hookline/event-log-kafka';
import { createLog, kafkaSection } from '@hookline/service-kit';
import { createAuthority, createTempDir, startKafka, type Certificate, type KafkaPart } from '@hookline/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { explainRefusal, kafkaSecurity } from './kafka-security.ts';

const USER = { sasl_username: 'hookline', sasl_password: 'kafka-password' };
const TOPIC_SPEC = {
  name: TOPIC.attempts,
  partitions: 2,
  cleanup: 'delete',
  retentionMs: 86_400_000,
  maxBytes: 1_000_000,
} as const;

let folder: Awaited<ReturnType<typeof createTempDir>>;
let kafka: KafkaPart;
/** Settings of TLS, with our own certificate and without. */
let mutual: Record<string, unknown>;
let oneSided: Record<string, unknown>;
const logs: EventLog[] = [];

function file(name: string, text: string): string {
  const path = join(folder.path, name);
  writeFileSync(path, text);
  return path;
}

beforeAll(async () => {
  folder = await createTempDir('kafka-security');
  const authority = await createAuthority();
  const pem = ({ privateKey, certificate }: Certificate) => privateKey + certificate;
  kafka = await startKafka({
    security: {
      keystore: pem(await authority.issue('kafka')),
      truststore: authority.certificate,
      users: { [USER.sasl_username]: USER.sasl_password },
    },
  });
  const own = await authority.issue('hookline');
  oneSided = { ssl: true, ssl_ca_file: file('ca.pem', authority.certificate) };
  mutual = {
    ...oneSided,
    ssl_cert_file: file('client.pem', own.certificate),
    ssl_key_file: file('client.key', own.privateKey),
  };
}, 180_000);

afterAll(async () => {
  await Promise.all(logs.map((log) => log.close()));
  await kafka?.stop();
  await folder?.remove();
}, 60_000);

function open(settings: Record<string, unknown>): EventLog {
  const log = createKafkaEventLog({
    brokers: kafka.brokers,
    clientId: 'security',
    log: createLog('security', 'silent'),
    ...kafkaSecurity(kafkaSection.parse(settings)),
  });
  logs.push(log);
  return log;
}

test.each(['plain', 'scram-sha-256', 'scram-sha-512'])(
  'with a certificate and %s topics are made, appended to and read',
  async (mechanism) => {
    const log = open({ ...mutual, ...USER, sasl_mechanism: mechanism });
    await log.createTopics([TOPIC_SPEC]);
    const [position] = await log.append([{ topic: TOPIC.attempts, value: Buffer.from(mechanism) }]);
    const read = Promise.withResolvers<string>();
    await log.follow({
      topic: TOPIC.attempts,
      from: [0, 0],
      async received(records) {
        for (const { value } of records) if (String(value) === mechanism) read.resolve(String(value));
      },
      onFailure: read.reject,
    });
    expect(await read.promise).toBe(mechanism);
    expect(position!.topic).toBe(TOPIC.attempts);
  },
  60_000,
);

test.each([
  ['the wrong password', () => ({ ...mutual, ...USER, sasl_mechanism: 'scram-sha-256', sasl_password: 'x' })],
  ['no certificate', () => ({ ...oneSided, ...USER, sasl_mechanism: 'scram-sha-256' })],
  ['no TLS', () => ({ ...USER, sasl_mechanism: 'scram-sha-256' })],
])(
  'with %s there is no answer',
  async (_what, settings) => {
    await expect(open(settings()).ping(3_000)).rejects.toThrow();
  },
  30_000,
);

test('whose user name and password are wrong is said at the start', async () => {
  const wrong = { ...mutual, ...USER, sasl_mechanism: 'scram-sha-512', sasl_password: 'x' };
  await expect(open(wrong).ping(5_000).catch(explainRefusal)).rejects.toThrow(/KAFKA_SASL_PASSWORD/);
}, 30_000);

describe('settings that do not go together name what is missing', () => {
  test.each([
    [{ ssl_ca_file: '/ca.pem' }, 'KAFKA_SSL=true'],
    [{ ssl: true, ssl_cert_file: '/c.pem' }, 'KAFKA_SSL_KEY_FILE'],
    [{ ssl: true, ssl_ca_file: '/nowhere.pem' }, 'kafka.ssl_ca_file: cannot be read'],
    [{ sasl_username: 'x' }, 'KAFKA_SASL_MECHANISM'],
    [{ sasl_mechanism: 'scram-sha-256', sasl_username: 'x' }, 'KAFKA_SASL_PASSWORD'],
    [{ sasl_mechanism: 'plain', sasl_username: 'x', sasl_password: 'y' }, 'KAFKA_SSL=true'],
  ])('%j', (settings, named) => {
    expect(() => kafkaSecurity(kafkaSection.parse(settings))).toThrow(named);
  });
});
