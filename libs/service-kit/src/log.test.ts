import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { createLines, createLog, gatherLines } from './log.ts';

const FIELDS = { id: 'att_1', text: 'a "quoted"\nline', number: 7, none: null, left: undefined };

function scene(level: string) {
  const lines: string[] = [];
  return { lines, log: createLog('dispatcher', level, { write: (line: string) => void lines.push(line) }) };
}

describe('lines of one event', () => {
  test('have the form of all other lines', () => {
    const { lines, log } = scene('info');
    log.info(FIELDS, 'attempt.finished');
    createLines(log, 'attempt.finished')!(FIELDS);
    expect(lines).toHaveLength(2);
    const [usual, own] = lines.map((line) => line.replace(/"time":"[^"]+"/, '"time":""'));
    expect(own).toBe(usual);
    expect(lines[1]).toMatch(/"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"/);
  });

  test('are none where the level is above theirs', () => {
    expect(createLines(scene('warn').log, 'attempt.finished')).toBeUndefined();
  });
});

describe('lines that are gathered', () => {
  function gathering() {
    const written: string[] = [];
    const destination = gatherLines({ write: (text: string) => void written.push(text) });
    const log = createLog('dispatcher', 'info', destination);
    const writeLine = createLines(log, 'attempt.finished')!;
    const events = () =>
      written.map((text) => text.split('\n').map((line) => /"event":"([^"]+)"/.exec(line)?.[1] ?? ''));
    return { log, writeLine, written, events };
  }

  test('are written together, in the order in which they came, each with its own time', () => {
    jest.useFakeTimers({ now: 1_000 });
    try {
      const { log, writeLine, written, events } = gathering();
      log.info('breaker.opened');
      writeLine({ number: 1 });
      jest.advanceTimersByTime(60);
      log.warn('breaker.closed');
      expect(written).toEqual([]);
      jest.advanceTimersByTime(60);
      expect(events()).toEqual([['breaker.opened', 'attempt.finished', 'breaker.closed', '']]);
      expect([...written[0]!.matchAll(/"time":"[^"]+\.(\d+)Z"/g)].map(([, ms]) => ms)).toEqual(['000', '000', '060']);
    } finally {
      jest.useRealTimers();
    }
  });

  test('are written before there are too many', () => {
    const { writeLine, written } = gathering();
    for (let number = 0; number < 1_000; number++) writeLine({ number });
    expect(written.length).toBeGreaterThan(5);
    const numbers = [...written.join('').matchAll(/"number":(\d+)/g)].map(([, number]) => Number(number));
    expect(numbers).toEqual(numbers.map((_, index) => index));
    expect(numbers.length).toBeGreaterThan(800);
  });

  test('are written when the process ends by an error', () => {
    const script = `import { createLines, createLog } from ${JSON.stringify(join(import.meta.dirname, 'log.ts'))};
      const log = createLog('dispatcher', 'info');
      log.info('first');
      createLines(log, 'second')({ number: 2 });
      throw new Error('it ends here');`;
    const { status, stdout } = spawnSync(process.execPath, ['--input-type=module-typescript', '--eval', script], {
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stdout.trim().split('\n')).toEqual([
      expect.stringContaining('"event":"first"'),
      expect.stringContaining('"number":2,"event":"second"'),
    ]);
  });
});
