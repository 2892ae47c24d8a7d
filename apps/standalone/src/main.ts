import { runProcess, sabotageOf, type ConfigSource, type Running } from '@hookline/service-kit';
import { readSettings } from './config.ts';
import { startPlatform } from './platform.ts';
import { isAdminPasswordKnown } from './known-password.ts';
import { welcome } from './welcome.ts';

const run = async (source: ConfigSource, fail: (error: Error) => void): Promise<Running> => {
  const settings = readSettings(source);
  const platform = await startPlatform(settings, fail, sabotageOf(source.env));
  console.log(welcome(settings, platform, await isAdminPasswordKnown(settings, platform)));
  return {
    gracePeriodMs: settings.config.hookline.grace_period,
    close: (deadlineAtMs) => platform.close(deadlineAtMs),
  };
};

await runProcess('hookline', run, { logs: true });
