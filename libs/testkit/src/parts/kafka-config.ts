export interface KafkaNodeAddress {
  id: number;
  port: number;
}

/** TLS with a client's certificate and SASL for all clients. */
export interface KafkaSecurity {
  /** PEM: the broker's private key and certificate. */
  keystore: string;
  /** PEM: who signs the broker's certificate and the clients'. */
  truststore: string;
  /** Passwords by user: for PLAIN and SCRAM. */
  users: Record<string, string>;
}

const SCRAM = ['SCRAM-SHA-256', 'SCRAM-SHA-512'];

/** What `StorageTool format` must be told of the users. */
export function scramArguments({ users }: KafkaSecurity): string[] {
  return Object.entries(users).flatMap(([name, password]) =>
    SCRAM.flatMap((mechanism) => ['--add-scram', `${mechanism}=[name=${name},password=${password}]`]),
  );
}

function secureSettings({ users }: KafkaSecurity, dir: string): Record<string, string> {
  const [first, password] = Object.entries(users)[0] ?? ['', ''];
  const all = Object.entries(users).map(([name, secret]) => `user_${name}="${secret}"`);
  const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
  return {
    'listener.security.protocol.map': 'PLAINTEXT:SASL_SSL,CONTROLLER:PLAINTEXT',
    'sasl.enabled.mechanisms': ['PLAIN', ...SCRAM].join(','),
    'sasl.mechanism.inter.broker.protocol': 'PLAIN',
    'listener.name.plaintext.plain.sasl.jaas.config': `${plain} username="${first}" password="${password}" ${all.join(' ')};`,
    ...Object.fromEntries(
      SCRAM.map((mechanism) => [`listener.name.plaintext.${mechanism.toLowerCase()}.sasl.jaas.config`, scram]),
    ),
    // Without the listener's name it is taken for TLS alone.
    'listener.name.plaintext.ssl.client.auth': 'required',
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': `${dir}/keystore.pem`,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': `${dir}/truststore.pem`,
  };
}

/** One node that is broker and controller; the controller listens on the next port. */
export function serverProperties(
  node: KafkaNodeAddress,
  cluster: KafkaNodeAddress[],
  logDir: string,
  security?: { dir: string; of: KafkaSecurity },
): string {
  const replicas = cluster.length;
  const minInsync = replicas === 3 ? 2 : 1;
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': node.id,
    'controller.quorum.voters': cluster.map(({ id, port }) => `${id}@127.0.0.1:${port + 1}`).join(','),
    listeners: `PLAINTEXT://127.0.0.1:${node.port},CONTROLLER://127.0.0.1:${node.port + 1}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${node.port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': logDir,
    'auto.create.topics.enable': false,
    'num.partitions': 12,
    'default.replication.factor': replicas,
    'min.insync.replicas': minInsync,
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': minInsync,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': minInsync,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1000,
    // How long a dead broker stays unnoticed, and how long one that was killed waits before it is let in again.
    'broker.session.timeout.ms': replicas === 1 ? 3000 : 6000,
    'broker.heartbeat.interval.ms': replicas === 1 ? 500 : 1000,
    'controller.quorum.election.timeout.ms': 1000,
    'controller.quorum.fetch.timeout.ms': 2000,
    // Small, since several of these share one machine.
    'num.network.threads': 2,
    'num.io.threads': 4,
    'background.threads': 2,
    'log.cleaner.dedupe.buffer.size': 20_000_000,
    ...(security === undefined ? {} : secureSettings(security.of, security.dir)),
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** Warnings, and the one line that says it has started. */
export const log4jConfig = `Configuration:
  status: warn
  Appenders:
    Console: {name: STDOUT, PatternLayout: {pattern: "[%d] %p %m (%c)%n%throwable"}}
  Loggers:
    Root: {level: warn, AppenderRef: {ref: STDOUT}}
    Logger: {name: kafka.server.KafkaRaftServer, level: info}
`;
