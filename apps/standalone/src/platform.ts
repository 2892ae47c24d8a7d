import { createBackends } from '@hookline/backends';
import { createDispatcher } from '@hookline/dispatcher';
import { systemClock } from '@hookline/domain';
import { createGateway } from '@hookline/gateway';
import { createIngestion } from '@hookline/ingestion';
import { createObservability } from '@hookline/observability';
import { createRegistry } from '@hookline/registry';
import { createRetryManager } from '@hookline/retry-manager';
import {
  collectProcessMetrics,
  createLog,
  createMetrics,
  createSealing,
  openTracing,
  type Sabotage,
  type Service,
} from '@hookline/service-kit';
import { addressOf, schemeOf } from './address.ts';
import type { Settings } from './config.ts';
import { createLocalAccess } from './local-access.ts';
import { createKnownSecrets } from './receiver/known-secrets.ts';
import { createBuiltInReceiver } from './receiver/receiver.ts';

/** All six services in this process, on one set of stores. */
export interface Platform {
  readonly mode: string;
  readonly gatewayPort: number;
  readonly grpcPort: number;
  /** 0: it doesn't listen there. */
  readonly dialectPort: number;
  readonly ingestionPort: number;
  close(deadlineAtMs: number): Promise<void>;
}

/** Rejects, with everything closed again, if one of them can't start. */
export async function startPlatform(
  { config, local }: Settings,
  fail: (error: Error) => void,
  sabotage?: Sabotage,
): Promise<Platform> {
  const log = createLog('hookline', config.log.level);
  const backends = createBackends(config, { service: 'standalone', log, sabotage, allowEmbedded: true });
  const tracing = await openTracing('hookline', config.tracing, log);
  const running: Pick<Service, 'close'>[] = [];

  async function close(deadlineAtMs: number): Promise<void> {
    // Callers before those that they call: what is in flight still finds everything it needs.
    for (const service of running.toReversed()) await service.close(deadlineAtMs);
    await backends.close();
    await tracing.close(deadlineAtMs);
  }

  async function started<T extends Service>(service: T): Promise<T> {
    running.push(service);
    await service.start();
    return service;
  }

  const of = (service: string) => ({
    log: createLog(service, config.log.level),
    metrics: createMetrics(service),
    clock: systemClock,
    tracer: tracing.tracer(service),
    fail,
    sabotage,
  });

  try {
    await backends.prepare();
    const [database, eventLog, schedule, limits] = await Promise.all([
      backends.database(),
      backends.eventLog(),
      backends.retrySchedule(),
      backends.limits(),
    ]);
    const registry = await started(createRegistry({ ...of('registry'), config, database, eventLog }));
    const { credentials, quotas } = registry;
    const observability = await started(
      createObservability({ ...of('observability'), config, database, eventLog, credentials }),
    );
    const ingestion = await started(
      createIngestion({
        ...of('ingestion'),
        config,
        eventLog,
        limits,
        credentials,
        quotas,
        droppedIds: () => backends.droppedIds(),
      }),
    );
    await started(createRetryManager({ ...of('retry-manager'), config, eventLog, schedule, sabotage }));
    await started(
      createDispatcher({ ...of('dispatcher'), config, eventLog, limits, localLimits: backends.localLimits() }),
    );

    const { encryption_key: key, encryption_previous_keys: previous } = config.security;
    const secrets = createKnownSecrets(eventLog, createSealing(key, previous), fail);
    if (local) {
      running.push(secrets);
      await secrets.start();
    }
    const gatewayDeps = of('gateway');
    collectProcessMetrics(gatewayDeps.metrics);
    const here = addressOf(config.hookline.host);
    const gateway = await started(
      createGateway({
        ...gatewayDeps,
        ownServices: true,
        config: {
          ...config,
          gateway: {
            ...config.gateway,
            registry_address: `${here}:${registry.grpcPort()}`,
            ingestion_url: `${schemeOf(config.ingestion)}://${here}:${ingestion.port}`,
            observability_url: `http://${here}:${observability.port}`,
          },
        },
        limits,
        credentials,
        openEventLog: () => backends.eventLog(),
        ...(local && backends.mode === 'embedded' && config.gateway.tokenless_dialects
          ? { local: createLocalAccess(config) }
          : {}),
        ...(local ? { extra: { path: '/_receiver', handler: createBuiltInReceiver((path) => secrets.of(path)) } } : {}),
      }),
    );
    return {
      mode: backends.mode,
      gatewayPort: gateway.port(),
      grpcPort: gateway.grpcPort(),
      dialectPort: gateway.dialectPort(),
      ingestionPort: ingestion.port,
      close,
    };
  } catch (error) {
    await close(Date.now());
    throw error;
  }
}
