import { eventually } from '../wait.ts';
import { askRedis } from './ask-redis.ts';
import { startRedis, type RedisPart } from './redis.ts';

export interface RedisClusterPart {
  /** Of the first master. */
  url: string;
  masters: RedisPart[];
  /** Of the last master. */
  replica: RedisPart;
  /** May be called again. */
  stop: () => Promise<void>;
}

const MASTERS = 3;
const SLOTS = 16_384;
/** A master that says nothing for so long is failed over to its replica. Less, and a busy machine looks like a dead one. */
const NODE_TIMEOUT_MS = 2_000;
const JOIN_TIMEOUT_MS = 60_000;

/** A Redis Cluster of three masters and a replica of the last; resolves when it takes commands. */
export async function startRedisCluster(): Promise<RedisClusterPart> {
  const settings = { 'cluster-enabled': 'yes', 'cluster-node-timeout': String(NODE_TIMEOUT_MS) };
  const nodes: RedisPart[] = [];
  async function stop(): Promise<void> {
    await Promise.all(nodes.map((node) => node.stop()));
  }
  try {
    await Promise.all(
      Array.from({ length: MASTERS + 1 }, async () => {
        nodes.push(await startRedis({ settings }));
      }),
    );
    await join(nodes.map(({ port }) => port));
  } catch (error) {
    await stop();
    throw error;
  }
  const masters = nodes.slice(0, MASTERS);
  return { url: masters[0]!.url, masters, replica: nodes[MASTERS]!, stop };
}

async function join(ports: readonly number[]): Promise<void> {
  const [masters, replica] = [ports.slice(0, MASTERS), ports[MASTERS]!];
  for (const [index, port] of masters.entries()) {
    const [from, end] = [index, index + 1].map((share) => Math.floor((share * SLOTS) / MASTERS)) as [number, number];
    const slots = Array.from({ length: end - from }, (_, slot) => from + slot);
    await tell(port, `CLUSTER ADDSLOTS ${slots.join(' ')}`);
    await tell(port, `CLUSTER SET-CONFIG-EPOCH ${index + 1}`);
  }
  for (const port of ports.slice(1)) await tell(port, `CLUSTER MEET 127.0.0.1 ${masters[0]}`);
  const wait = { timeoutMs: JOIN_TIMEOUT_MS };
  const lastMaster = /^\$\d+\r\n(\w+)/.exec(await askRedis(masters.at(-1)!, 'CLUSTER MYID'))?.[1];
  // It must have heard of that master first.
  await eventually(() => tell(replica, `CLUSTER REPLICATE ${lastMaster}`), wait);
  await eventually(async () => {
    for (const port of ports) {
      const state = await askRedis(port, 'CLUSTER INFO');
      if (!/cluster_state:ok/.test(state) || !state.includes(`cluster_known_nodes:${ports.length}`))
        throw new Error(state);
    }
    if (!/master_link_status:up/.test(await askRedis(replica, 'INFO replication')))
      throw new Error('the replica is not in step');
  }, wait);
}

async function tell(port: number, command: string): Promise<void> {
  const answer = await askRedis(port, command);
  if (!answer.startsWith('+OK')) throw new Error(`${command.slice(0, 40)}: ${answer}`);
}
