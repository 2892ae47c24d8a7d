export interface KafkaNodeAddress {
  id: number;
  port: number;
}

/** One node that is broker and controller; the controller listens on the next port. */
export function serverProperties(node: KafkaNodeAddress, cluster: KafkaNodeAddress[], logDir: string): string {
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
