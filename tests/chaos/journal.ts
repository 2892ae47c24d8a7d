import { closeSync, fdatasync, openSync, readFileSync, write } from 'node:fs';
import { promisify } from 'node:util';

const writeAsync = promisify(write) as unknown as (fd: number, text: string) => Promise<number>;
const fdatasyncAsync = promisify(fdatasync);

/** A log of what one process saw, which survives that process: a line is on the disk when `note` resolves. */
export interface Journal {
  note(line: string): Promise<void>;
  close(): Promise<void>;
}

export function openJournal(file: string): Journal {
  const fd = openSync(file, 'a');
  let lines: string[] = [];
  let written: Promise<void> | undefined;

  async function flush(): Promise<void> {
    const text = lines.join('');
    lines = [];
    written = undefined;
    await writeAsync(fd, text);
    await fdatasyncAsync(fd);
  }

  let last: Promise<void> = Promise.resolve();
  return {
    note(line) {
      lines.push(`${line}\n`);
      // All lines that come while a write is under way share the next one.
      written ??= last = last.then(flush);
      return written;
    },
    async close() {
      await last;
      closeSync(fd);
    },
  };
}

/** The words of each line. */
export function readJournal(file: string): string[][] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(' '));
}
