import { runProcess, sabotageOf } from '@hookline/service-kit';
import { readSettings } from './config.ts';
import { startPlatform } from './platform.ts';
import { isAdminPasswordKnown } from './known-password.ts';
import { welcome } from './welcome.ts';

await runProcess('hookline', async (source, fail) => {
  const settings = readSettings(source);
  const platform = await startPlatform(settings, fail, sabotageOf(source.env));
  console.log(welcome(settings, platform, await isAdminPasswordKnown(settings, platform)));
  return {
    gracePeriodMs: settings.config.hookline.grace_period,
    close: (deadlineAtMs) => platform.close(deadlineAtMs),
  };
});
