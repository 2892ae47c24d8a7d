import { z } from 'zod';
import { flag, integer, list, optionalText } from '../values.ts';
import { clientCertificateKeys } from './shared-keys.ts';

export const kafkaSection = z.strictObject({
  brokers: list('localhost:9092').describe('`host:port` of some brokers'),
  replication_factor: integer(1, 1, 7).describe(
    'Copies of the topics that `npm run prepare-stores` makes; 3 in production',
  ),
  min_insync_replicas: integer(1, 1, 7).describe(
    'Copies that must have a record before it is acknowledged; 2 in production. A service whose topics have another value refuses to start',
  ),
  ssl: flag(false).describe(
    "TLS to the brokers; their certificate is checked by the system's authorities, or by `ssl_ca_file`",
  ),
  ssl_ca_file: optionalText('/etc/hookline/kafka/ca.pem').describe(
    "PEM file of the authority of the brokers' certificates",
  ),
  ...clientCertificateKeys('kafka', 'brokers that want one'),
  sasl_mechanism: z
    .enum(['plain', 'scram-sha-256', 'scram-sha-512'], { error: 'must be one of plain, scram-sha-256, scram-sha-512' })
    .optional()
    .meta({ example: 'scram-sha-512' })
    .describe(
      'How to log in to the brokers: `plain`, `scram-sha-256` or `scram-sha-512`. `plain` sends the password as it is: with `ssl` only',
    ),
  sasl_username: optionalText('hookline').describe('Who logs in'),
  sasl_password: optionalText('a-long-password').describe('With which password'),
});
