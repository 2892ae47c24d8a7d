// npm run stack: Kafka, Redis and PostgreSQL on this machine, without Docker, until Ctrl-C.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { takeFolder } from './stack/folder.ts';
import { startStack } from './stack/parts.ts';

const usage = `npm run stack [-- --fresh] [-- --data=FOLDER]
starts Kafka, Redis and PostgreSQL on 127.0.0.1 until Ctrl-C
  --fresh         remove the data of earlier runs first
  --data=FOLDER   where the data stay between runs (default .hookline/stack in the repository)`;

async function main(): Promise<void> {
  const { values: flags } = parseArgs({
    options: {
      fresh: { type: 'boolean' },
      data: { type: 'string', default: join(import.meta.dirname, '..', '.hookline', 'stack') },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (flags.help) {
    console.log(usage);
    return;
  }
  const stopAsked = listenForStop();
  const folder = resolve(flags.data);
  const giveFolderBack = takeFolder(folder, flags.fresh === true);
  try {
    await run(folder, stopAsked);
  } finally {
    giveFolderBack();
  }
}

async function run(folder: string, stopAsked: AbortSignal): Promise<void> {
  console.log('Starting Kafka, Redis and PostgreSQL (downloaded the first time)...');
  const stack = await startStack(folder);
  try {
    if (!stopAsked.aborted) {
      console.log(
        `Ready. In another terminal:\n${exports(stack.environment)}\nData: ${folder}. Ctrl-C stops all three.`,
      );
    }
    await untilAskedOrEnded(stopAsked, stack.ended);
  } finally {
    console.log('Stopping...');
    await stack.stop();
  }
  console.log('Stopped.');
}

function exports(environment: Record<string, string>): string {
  return Object.entries(environment)
    .map(([name, value]) => `  export ${name}=${value}`)
    .join('\n');
}

/** A second signal ends this process at once; the parts then end by themselves. */
function listenForStop(): AbortSignal {
  const asked = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (asked.signal.aborted) process.exit(1);
      asked.abort();
    });
  }
  return asked.signal;
}

/** Rejects when a part has ended though nobody asked for it. */
function untilAskedOrEnded(stopAsked: AbortSignal, ended: () => string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setInterval(() => {
      if (stopAsked.aborted) finish(resolve);
      else if (ended().length > 0) {
        finish(() => reject(new Error(`${ended().join(', ')} ended by itself (its log lies beside its data)`)));
      }
    }, 100);
    const finish = (settle: () => void) => {
      clearInterval(timer);
      settle();
    };
  });
}

main().catch((error: unknown) => {
  console.error(`hookline stack: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
  process.exitCode = 1;
});
