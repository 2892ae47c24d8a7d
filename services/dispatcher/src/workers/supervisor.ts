import { NotFound } from '@hookline/domain';
import {
  createHealth,
  createOpsHandler,
  listen,
  sendProblem,
  type HttpServer,
  type Log,
  type Service,
} from '@hookline/service-kit';
import type { Registry } from 'prom-client';
import type { DispatcherConfig } from '../config.ts';
import type { WorkerProcess } from './fork-worker.ts';
import { createKeeper } from './keeper.ts';
import { mergeMetrics } from './merge-metrics.ts';

export interface SupervisorDependencies {
  config: DispatcherConfig;
  log: Log;
  /** Of this process itself. */
  metrics: Registry;
  fork: (number: number) => WorkerProcess;
}

/**
 * `dispatcher.worker_count` dispatchers as processes, each a member of the group like any other copy, that stop, and answer for their health and metrics, as one.
 * It reads no records itself.
 */
export function createSupervisor({ config, log, metrics, fork }: SupervisorDependencies): Service {
  const { worker_count: count, port } = config.dispatcher;
  const keepers = Array.from({ length: count }, (_, number) => createKeeper({ number, fork, log }));
  const health = createHealth(
    Object.fromEntries(keepers.map((keeper, number) => [`worker_${number}`, () => keeper.problem()])),
  );
  const ops = createOpsHandler(
    health,
    {
      contentType: metrics.contentType,
      metrics: async () =>
        mergeMetrics(await Promise.all([metrics.metrics(), ...keepers.map((keeper) => keeper.metrics())])),
    },
    async () => (await Promise.all(keepers.map((keeper) => keeper.isLive()))).every(Boolean),
  );
  let server: HttpServer | undefined;
  let closing: Promise<void> | undefined;

  async function stop(deadlineAtMs: number): Promise<void> {
    health.become('draining');
    const ends = await Promise.allSettled(keepers.map((keeper) => keeper.close(deadlineAtMs)));
    await server?.close(deadlineAtMs);
    health.become('closed');
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    log.info({ workers: count }, 'service.closed');
  }

  return {
    name: 'dispatcher',

    async start() {
      const { host } = config.hookline;
      server = await listen(
        (request, response) => {
          const answer = async () => {
            if (!(await ops(request, response))) sendProblem(response, new NotFound('There is nothing here.'));
          };
          answer().catch((error: unknown) => sendProblem(response, error));
        },
        { host, port, setting: 'dispatcher.port' },
      );
      await Promise.all(keepers.map((keeper) => keeper.start()));
      health.become('ready');
      log.info({ host, port: server.port, workers: count }, 'service.ready');
    },

    close(deadlineAtMs) {
      closing ??= stop(deadlineAtMs);
      return closing;
    },
  };
}
