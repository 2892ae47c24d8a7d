// npm run retention [-- --dry-run]: removes what is too old from the log now, or shows what would go. Observability does it by itself every hour.
import { createBackends } from '@hookline/backends';
import {
  carryOut,
  findDays,
  isoDay,
  observabilityConfig,
  planRetention,
  retentionSettings,
} from '@hookline/observability';
import { createLog, loadConfig, runProcess } from '@hookline/service-kit';

const USAGE = `npm run retention                what is too old in the log is removed, as observability does by itself every hour
npm run retention -- --dry-run   shows what would be

The stores and settings come from the environment or config.yaml, as for the services. An embedded Hookline (npm start) holds its folder: stop it first.`;

const MIB = 1024 * 1024;

await runProcess('retention', async (source) => {
  const [option, ...rest] = process.argv.slice(2);
  if (rest.length > 0 || (option !== undefined && option !== '--dry-run')) {
    console.error(USAGE);
    process.exit(2);
  }
  const config = loadConfig(
    observabilityConfig.pick({
      hookline: true,
      log: true,
      database: true,
      kafka: true,
      redis: true,
      observability: true,
    }),
    source,
  );
  const backends = createBackends(config, { service: 'retention', log: createLog('retention', config.log.level) });
  const database = await backends.database();
  const nowMs = Date.now();
  const plan = planRetention(await findDays(database), retentionSettings(config.observability), nowMs);
  for (const { day, events, bytes } of plan.drop) {
    console.log(`${isoDay(day)}: to be dropped, about ${events} events, ${(bytes / MIB).toFixed(1)} MiB`);
  }
  for (const { tenant, days } of plan.thin)
    console.log(`${tenant}: rows to be deleted of ${days.map(isoDay).join(', ')}`);
  const { rows } = await database.query<{ letters: number; entries: number }>(
    `SELECT (SELECT count(*) FROM dead_letters WHERE dead_at < $1) AS letters,
       (SELECT count(*) FROM audit_log WHERE at < $2) AS entries`,
    [new Date(plan.deadLettersBeforeMs), new Date(plan.auditLogBeforeMs)],
  );
  const { letters = 0, entries = 0 } = rows[0] ?? {};
  console.log(`${letters} dead letters and ${entries} entries of the audit log to be deleted`);
  console.log(`days to be made: ${plan.make.map(isoDay).join(', ') || 'none'}`);
  let failed = false;
  if (option === undefined) {
    const removed = await carryOut(database, plan, nowMs, new AbortController().signal);
    console.log(
      `Removed: ${removed.days.length} days, about ${removed.events} events, ${removed.deadLetters} dead letters, ${removed.auditEntries} entries of the audit log.`,
    );
    for (const { step, tenant, day, error } of removed.failures) {
      console.error(`retention: not done: ${[step, tenant, day].filter(Boolean).join(' ')}: ${error.message}`);
    }
    failed = removed.failures.length > 0;
  } else console.log('Nothing was changed.');
  await backends.close();
  process.exit(failed ? 1 : 0);
});
