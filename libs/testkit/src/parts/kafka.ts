import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openDataDir, type DataDir, type DataOptions } from './data-dir.ts';
import { printedBy } from './failure.ts';
import {
  log4jConfig,
  scramArguments,
  serverProperties,
  type KafkaNodeAddress,
  type KafkaSecurity,
} from './kafka-config.ts';
import { fetchMavenParts, requireJava } from './maven.ts';
import { createPartProcess, type PartProcess } from './part-process.ts';
import { onPort } from './port.ts';

const run = promisify(execFile);
const START_TIMEOUT_MS = 120_000;
const COLLECTORS = {
  serial: ['-XX:+UseSerialGC'],
  g1: ['-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20', '-XX:InitiatingHeapOccupancyPercent=35'],
} as const;

export interface KafkaOptions extends DataOptions {
  /**
   * Of the first broker, free ones below 32768 without it. Each node takes two neighbouring ports (broker, controller), so
   * three brokers take port to port + 5.
   */
  port?: number;
  brokers?: 1 | 3;
  /** Of one broker; anybody may connect without it. */
  security?: KafkaSecurity;
  /** Of garbage. `serial`, the default, starts soonest and takes the least; `g1`, as Kafka's own start script has it, doesn't stop for 20 ms at a time. */
  collector?: keyof typeof COLLECTORS;
}

export interface KafkaNode {
  port: number;
  /** Of the latest start. */
  readonly pid: number;
  readonly running: boolean;
  /** Resolves when the process has ended; SIGKILL by default. */
  kill: (signal?: NodeJS.Signals) => Promise<void>;
  /** Starts it again, after `kill()`, on the same port and data; resolves when it serves clients. */
  start: () => Promise<void>;
}

export interface KafkaPart {
  /** `127.0.0.1:port` of each node. */
  brokers: string[];
  nodes: KafkaNode[];
  dataDir: string;
  /** Ends all nodes and removes their data unless they are to be kept. May be called again. */
  stop: () => Promise<void>;
}

/**
 * A Kafka (KRaft, no ZooKeeper) of one or three nodes on 127.0.0.1; resolves when all serve clients. Topics are never made by
 * themselves. Three nodes replicate to all three and acknowledge (acks=all) when two have it.
 */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaPart> {
  await requireJava();
  const { jarsDir } = await fetchMavenParts();
  const count = options.brokers ?? 1;
  return onPort('Kafka', options.port, 2 * count, (port) => startOn(port, count, jarsDir, options));
}

async function startOn(firstPort: number, count: number, jarsDir: string, options: KafkaOptions): Promise<KafkaPart> {
  const data = await openDataDir('hookline-kafka', options);
  const cluster = Array.from({ length: count }, (_, index) => ({ id: index + 1, port: firstPort + 2 * index }));
  const processes: PartProcess[] = [];

  async function stop(): Promise<void> {
    await Promise.all(processes.map((process) => process.end(data.keep ? 'SIGTERM' : 'SIGKILL', 20_000)));
    await data.release();
  }

  try {
    const clusterId = await readClusterId(data);
    const prepared = cluster.map((node) => prepareNode(node, cluster, clusterId, data.path, jarsDir, options));
    processes.push(...(await Promise.all(prepared)));
    await Promise.all(processes.map((process) => process.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    brokers: cluster.map(({ port }) => `127.0.0.1:${port}`),
    nodes: processes.map((process, index) => describeNode(process, cluster[index]!)),
    dataDir: data.path,
    stop,
  };
}

function describeNode(process: PartProcess, { port }: KafkaNodeAddress): KafkaNode {
  return {
    port,
    get pid() {
      return process.pid;
    },
    get running() {
      return process.running;
    },
    kill: process.kill,
    start: process.start,
  };
}

async function readClusterId(data: DataDir): Promise<string> {
  const file = join(data.path, 'cluster-id');
  if (!existsSync(file)) await writeFile(file, randomBytes(16).toString('base64url'));
  return readFile(file, 'utf8');
}

async function prepareNode(
  node: KafkaNodeAddress,
  cluster: KafkaNodeAddress[],
  clusterId: string,
  dataDir: string,
  jarsDir: string,
  { security, collector = 'serial' }: KafkaOptions,
): Promise<PartProcess> {
  const dir = join(dataDir, `node-${node.id}`);
  const logDir = join(dir, 'logs');
  const properties = join(dir, 'server.properties');
  await mkdir(dir, { recursive: true });
  const secured = security === undefined ? undefined : { dir, of: security };
  await writeFile(properties, serverProperties(node, cluster, logDir, secured));
  if (security !== undefined) {
    await writeFile(join(dir, 'keystore.pem'), security.keystore);
    await writeFile(join(dir, 'truststore.pem'), security.truststore);
  }
  await writeFile(join(dir, 'log4j2.yaml'), log4jConfig);
  const java = (heap: string[], main: string[]) => [
    ...heap,
    ...COLLECTORS[collector],
    '-Xshare:auto',
    `-Dlog4j2.configurationFile=${join(dir, 'log4j2.yaml')}`,
    '-cp',
    join(jarsDir, '*'),
    ...main,
  ];

  if (!existsSync(join(logDir, 'bootstrap.checkpoint'))) {
    await rm(logDir, { recursive: true, force: true });
    // One argument, since one id in 64 begins with a dash.
    const format = ['kafka.tools.StorageTool', 'format', `--cluster-id=${clusterId}`, `--config=${properties}`];
    if (security !== undefined) format.push(...scramArguments(security));
    try {
      await run('java', java(['-Xmx128m', '-XX:TieredStopAtLevel=1'], format), { timeout: START_TIMEOUT_MS });
    } catch (error) {
      throw new Error(`Kafka could not format ${logDir}: ${printedBy(error) || String(error)}`, { cause: error });
    }
  }
  return createPartProcess({
    name: cluster.length === 1 ? 'Kafka' : `Kafka node ${node.id}`,
    command: {
      file: 'java',
      args: java(cluster.length === 1 ? ['-Xms256m', '-Xmx512m'] : ['-Xms128m', '-Xmx384m'], [
        'kafka.Kafka',
        properties,
      ]),
    },
    logFile: join(dir, 'kafka.log'),
    isReady: ({ log }) => log.includes('Kafka Server started'),
    readyTimeoutMs: START_TIMEOUT_MS,
  });
}
