import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createTempDir,
  freePort,
  startKafka,
  startPostgres,
  startRedis,
  type KafkaPart,
  type PostgresPart,
  type RedisPart,
} from '@hookline/testkit';
import { createPlatformProcesses, type PlatformProcesses } from '../../tools/platform/processes.ts';
import type { ServiceName } from '../../tools/platform/services.ts';
import type { Findings } from './checker.ts';
import type { Problem } from './print.ts';
import { logIn, type Api } from '../api.ts';
import { startPeer, type Peer } from '../peer.ts';
import type { ReceiverReport } from './receiver.ts';
import type { SenderReport } from './sender.ts';

/** Everything that a chaos run needs: real stores, six processes, a sender, the receivers, their journals. */
export interface Stage {
  kafka: KafkaPart;
  redis: RedisPart;
  postgres: PostgresPart;
  platform: PlatformProcesses;
  receiver: Peer<ReceiverReport>;
  receiverJournal: string;
  /** Starts publishing. */
  send(perSecond: number): Peer<SenderReport>;
  /** Waits until every acknowledged event has arrived, or nothing has moved for a while. */
  settle(): Promise<void>;
  check(): CheckResult;
  /** Whether a sender met an answer that a good event must not get. */
  sendersFailed(): boolean;
  /** Prints what was wrong, and where the services' output and the journals stay then. */
  verdict(problems: Set<Problem>): Set<Problem>;
  close(): Promise<void>;
}

export type CheckResult = Omit<Findings, 'missing'> & { missing: string[]; missingCount: number };

export interface StageOptions {
  brokers: 1 | 3;
  webhooks: number;
  /** How many of those refuse the first attempts of each delivery. */
  failing: number;
  refusals: number;
  receiverDelayMs: number;
  /** How many of the webhooks, after the failing ones, have a receiver that takes so long. */
  slow?: { webhooks: number; delayMs: number };
  /** What each of the webhooks orders by, whose receivers then fail at random; null: nothing. */
  orders?: readonly (string | null)[];
  /** Partition keys of the events; half of them have one otherwise. */
  keys?: number;
  /** Copies that the run itself starts. */
  startedLater?: (service: ServiceName, copy: number) => boolean;
  copies?: Partial<Record<ServiceName, number>>;
  env?: Record<string, string>;
}

const PASSWORD = 'chaos-password';
const LINES_SHOWN = 15;
/** Longer than any retry waits. */
const STALLED_MS = 40_000;
/** With a guarantee switched off it is known that something will be missing. */
const STALLED_SABOTAGED_MS = 20_000;

export async function setStage(options: StageOptions): Promise<Stage> {
  const folder = await createTempDir('hookline-chaos');
  const logs = join(folder.path, 'logs');
  mkdirSync(logs);
  const [kafka, redis, postgres, receiverPort] = await Promise.all([
    startKafka({ brokers: options.brokers }),
    startRedis(),
    startPostgres(),
    freePort(),
  ]);
  const env: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    KAFKA_BROKERS: kafka.brokers.join(','),
    KAFKA_REPLICATION_FACTOR: String(options.brokers),
    KAFKA_MIN_INSYNC_REPLICAS: options.brokers === 3 ? '2' : '1',
    REDIS_URL: redis.url,
    DATABASE_URL: postgres.url,
    SECURITY_JWT_SECRET: randomBytes(48).toString('base64'),
    SECURITY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    SECURITY_ADMIN_PASSWORD: PASSWORD,
    SECURITY_ALLOW_NETWORKS: '127.0.0.0/8',
    RETRY_MANAGER_MAX_RETRIES: '30',
    RETRY_MANAGER_INITIAL_DELAY: '2s',
    RETRY_MANAGER_MAX_DELAY: '5s',
    RETRY_MANAGER_CLAIM: '5s',
    // Receivers that are to fail fail as often as they say.
    BREAKER_FAILURES_IN_A_ROW: '1000000',
    BREAKER_MIN_OUTCOMES: '1000000',
    LOG_LEVEL: 'info',
    ...options.env,
  };
  const prepared = spawnSync(process.execPath, [join(import.meta.dirname, '../../tools/prepare-stores.ts')], {
    env,
    encoding: 'utf8',
  });
  if (prepared.status !== 0) throw new Error(`the stores could not be prepared: ${prepared.stderr}${prepared.stdout}`);

  const platform = await createPlatformProcesses({
    env,
    freePorts: true,
    ...(options.copies === undefined ? {} : { copies: options.copies }),
    outputOf: (service, copy) => openSync(join(logs, `${service}-${copy}.log`), 'a'),
    ended(service, code, signal) {
      console.error(`  ${service} ended by itself (${signal ?? `exit code ${code}`}):`);
      console.error(lastLines(join(logs, `${service}-0.log`)));
    },
  });
  await platform.start(options.startedLater);

  const receiverJournal = join(folder.path, 'receiver.journal');
  const receiver = startPeer<ReceiverReport>(join(import.meta.dirname, 'receiver.ts'), {
    port: receiverPort,
    journal: receiverJournal,
    delayMs: options.receiverDelayMs,
    slowMs: options.slow?.delayMs ?? 0,
    refusals: options.refusals,
  });
  await new Promise((resolve) => receiver.process.once('message', resolve));

  const api = await logIn(platform.gatewayUrl, PASSWORD);
  receiver.tell({ secrets: await createWebhooks(api, receiverPort, options) });

  const senderJournals: string[] = [];
  const senders: Peer<SenderReport>[] = [];
  let acknowledged = 0;

  return {
    kafka,
    redis,
    postgres,
    platform,
    receiver,
    receiverJournal,
    sendersFailed: () => senders.some((sender) => (sender.process.exitCode ?? 0) !== 0),

    verdict(problems) {
      if (problems.size === 0 || options.env?.['HOOKLINE_SABOTAGE'] !== undefined) return problems;
      const kept = `${folder.path}-kept`;
      cpSync(folder.path, kept, { recursive: true });
      console.log(`  problems: ${[...problems].join(', ')}; journals and logs: ${kept}`);
      return problems;
    },

    send(perSecond) {
      const journal = join(folder.path, `sender-${senders.length}.journal`);
      senderJournals.push(journal);
      const sender = startPeer<SenderReport>(join(import.meta.dirname, 'sender.ts'), {
        url: `${platform.gatewayUrl}/api/v1/events`,
        token: api.token,
        journal,
        perSecond,
        types: options.webhooks,
        keys: options.keys ?? 0,
        first: senders.length * 10_000_000,
      });
      senders.push(sender);
      sender.process.on('message', (report: SenderReport & { finished?: boolean }) => {
        if (report.finished === true) acknowledged += report.acknowledged;
      });
      return sender;
    },

    async settle() {
      await Promise.all(senders.map((sender) => sender.ended));
      const stalledMs = options.env?.['HOOKLINE_SABOTAGE'] === undefined ? STALLED_MS : STALLED_SABOTAGED_MS;
      let last = -1;
      let movedAtMs = Date.now();
      for (;;) {
        const { arrived } = await receiver.report();
        if (arrived >= acknowledged) return;
        if (arrived !== last) {
          last = arrived;
          movedAtMs = Date.now();
        }
        if (Date.now() - movedAtMs > stalledMs) {
          console.log(`  nothing has arrived for ${stalledMs / 1000} s: ${arrived} of ${acknowledged} acknowledged`);
          return;
        }
        await sleep(200);
      }
    },

    check() {
      const settings = JSON.stringify({ sender: senderJournals, receiver: receiverJournal });
      const checker = spawnSync(process.execPath, [join(import.meta.dirname, 'checker.ts'), settings], {
        encoding: 'utf8',
      });
      if (checker.stdout === '') throw new Error(`the checker failed: ${checker.stderr}`);
      return JSON.parse(checker.stdout) as CheckResult;
    },

    async close() {
      for (const sender of senders) sender.process.kill('SIGKILL');
      receiver.process.kill('SIGKILL');
      await Promise.all(platform.copies.map((copy) => copy.kill()));
      await Promise.all([kafka.stop(), redis.stop(), postgres.stop()]);
      await folder.remove();
    },
  };
}

function lastLines(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-LINES_SHOWN).join('\n');
}

/** One webhook for each event type; resolves with the secret of each path. */
async function createWebhooks(
  api: Api,
  port: number,
  { webhooks, failing, slow = { webhooks: 0, delayMs: 0 }, orders = [] }: StageOptions,
): Promise<Record<string, string>> {
  const secrets: Record<string, string> = {};
  for (let i = 0; i < webhooks; i++) {
    const kind = i < failing ? 'failing' : i < failing + slow.webhooks ? 'slow' : 'ok';
    const order = orders[i] ?? null;
    const path = order === null ? `/${kind}/${i}` : `/order/${order}/${i}`;
    const { secret } = await api.createWebhook({
      url: `http://127.0.0.1:${port}${path}`,
      event_types: [`chaos.${i}`],
      ...(order === null ? {} : { ordering: 'key', ordering_key: order }),
    });
    secrets[path] = secret;
  }
  return secrets;
}
