import { describe, expect, test } from '@jest/globals';
import { createLines, createLog } from './log.ts';

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
