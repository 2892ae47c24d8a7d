// npm run keys:rotate: seals webhooks' secrets, headers and credentials with security.encryption_key that are sealed with one of security.encryption_previous_keys.
import { setTimeout as sleep } from 'node:timers/promises';
import { createBackends } from '@hookline/backends';
import { isRelayed, registryConfig, resealAll } from '@hookline/registry';
import { createLog, createSealing, loadConfig, runProcess } from '@hookline/service-kit';

const USAGE = `npm run keys:rotate   what is sealed with an old key is sealed with the current one

First give the dispatchers, and then the registry, the new key as SECURITY_ENCRYPTION_KEY and the old one as SECURITY_ENCRYPTION_PREVIOUS_KEYS, then run this with
the same settings, and take the old key away when it says that all is done. It may be broken off and run again. An embedded Hookline (npm start) holds its folder: stop it first.`;

const RELAYED_WITHIN_MS = 60_000;

await runProcess('keys:rotate', async (source) => {
  if (process.argv.length > 2) {
    console.error(USAGE);
    process.exit(2);
  }
  const config = loadConfig(registryConfig, source);
  const log = createLog('keys-rotate', config.log.level);
  const backends = createBackends(config, { service: 'keys-rotate', log, allowEmbedded: true });
  const database = await backends.database();
  const { encryption_key: key, encryption_previous_keys: previous } = config.security;
  const renewed = await resealAll(database, createSealing(key, previous));
  console.log(`${renewed} webhooks were sealed with the current key; all others were before.`);
  let relayed = await isRelayed(database);
  for (
    const lateAt = Date.now() + RELAYED_WITHIN_MS;
    backends.mode !== 'embedded' && !relayed && Date.now() < lateAt;
  ) {
    await sleep(500);
    relayed = await isRelayed(database);
  }
  console.log(
    relayed
      ? 'The dispatchers have been told: the old key can be taken away.'
      : 'The dispatchers have not been told: the registry tells them when it runs. Keep the old key until this command says so.',
  );
  await backends.close();
  process.exit(relayed || backends.mode === 'embedded' ? 0 : 1);
});
