import { InvalidInput } from '@hookline/domain';
import type { KafkaEventLogOptions } from '@hookline/event-log-kafka';
import { readCertificates } from './certificates.ts';
import type { BackendsConfig } from './mode.ts';

type KafkaSettings = BackendsConfig['kafka'];

/** How the brokers are spoken to. @throws InvalidInput naming the setting that is missing or can't be used */
export function kafkaSecurity(settings: KafkaSettings): Pick<KafkaEventLogOptions, 'ssl' | 'sasl'> {
  const [ssl, sasl] = [sslOf(settings), saslOf(settings)];
  return { ...(ssl === undefined ? {} : { ssl }), ...(sasl === undefined ? {} : { sasl }) };
}

/** Says which setting is at fault where the brokers let nobody in with it; other failures pass as they are. */
export function explainRefusal(error: unknown): never {
  if (!(error instanceof Error) || error.name !== 'KafkaJSSASLAuthenticationError') throw error;
  throw new InvalidInput(
    `kafka.sasl_username, kafka.sasl_password: the brokers refuse them (KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD): ${error.message}`,
    { cause: error },
  );
}

function sslOf(settings: KafkaSettings) {
  const { ssl, ssl_ca_file: ca, ssl_cert_file: cert, ssl_key_file: key } = settings;
  const named = ca ?? cert ?? key;
  if (!ssl && named !== undefined)
    throw new InvalidInput(`kafka.ssl: must be true for ${named} to be used; KAFKA_SSL=true`);
  return ssl ? readCertificates('kafka', settings) : undefined;
}

function saslOf({ ssl, sasl_mechanism: mechanism, sasl_username: username, sasl_password: password }: KafkaSettings) {
  if (mechanism === undefined) {
    if (username === undefined && password === undefined) return undefined;
    throw new InvalidInput('kafka.sasl_mechanism: is missing; e.g. KAFKA_SASL_MECHANISM=scram-sha-512');
  }
  if (username === undefined || password === undefined) {
    throw new InvalidInput(
      'kafka.sasl_username and kafka.sasl_password: set both, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD',
    );
  }
  if (mechanism === 'plain' && !ssl) {
    throw new InvalidInput(
      'kafka.sasl_mechanism: plain would send the password as it is; KAFKA_SSL=true, or e.g. KAFKA_SASL_MECHANISM=scram-sha-512',
    );
  }
  return { mechanism, username, password } as NonNullable<KafkaEventLogOptions['sasl']>;
}
