import { systemClock, type Clock } from '@hookline/domain';
import type { Registry } from 'prom-client';
import type { z } from 'zod';
import { loadConfig, type ConfigSource } from './config/load.ts';
import type { hooklineSection, logSection, tracingSection } from './config/sections.ts';
import type { Service } from './lifecycle.ts';
import { createLog, type Log } from './log.ts';
import { collectProcessMetrics, createMetrics } from './metrics.ts';
import { runProcess } from './process.ts';
import { sabotageOf, type Sabotage } from './sabotage.ts';
import { openTracing, type Tracer } from './tracing.ts';

/** What every service that runs as a process of its own is given. */
export interface ServiceContext<Config> {
  config: Config;
  log: Log;
  metrics: Registry;
  clock: Clock;
  tracer: Tracer;
  fail: (error: Error) => void;
  sabotage: Sabotage | undefined;
}

type ServiceConfig = z.ZodObject<{
  hookline: typeof hooklineSection;
  log: typeof logSection;
  tracing: typeof tracingSection;
}>;

interface Opened {
  service: Service;
  /** Closes the stores, after the service. */
  close: () => Promise<void>;
}

/** Runs one service as a process, from its configuration to its exit; `open` makes it from its context. */
export async function runService<Schema extends ServiceConfig>(
  name: string,
  schema: Schema,
  open: (context: ServiceContext<z.infer<Schema>>) => Promise<Opened>,
): Promise<void> {
  const run = async (source: ConfigSource, fail: (error: Error) => void) => {
    const config = loadConfig(schema, source);
    const log = createLog(name, config.log.level);
    const metrics = createMetrics(name);
    collectProcessMetrics(metrics);
    const tracing = await openTracing(name, config.tracing, log);
    const { service, close: closeStores } = await open({
      config,
      log,
      metrics,
      clock: systemClock,
      tracer: tracing.tracer(name),
      fail,
      sabotage: sabotageOf(source.env),
    });
    async function close(deadlineAtMs: number): Promise<void> {
      await service.close(deadlineAtMs);
      await closeStores();
      await tracing.close(deadlineAtMs);
    }
    try {
      await service.start();
    } catch (error) {
      await close(Date.now());
      throw error;
    }
    return { gracePeriodMs: config.hookline.grace_period, close };
  };
  await runProcess(name, run, { logs: true });
}
