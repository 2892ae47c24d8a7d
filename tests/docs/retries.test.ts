import { FAILURE_RULES, type DeadReason, type DeferReason, type EndReason, type FailureClass } from '@hookline/domain';
import { describe, expect, test } from '@jest/globals';
import { readDoc, section, tableRows } from './markdown.ts';

const doc = readDoc('retries.md');

/** A column of a table, without what is empty. */
function named(heading: string, column: number): string[] {
  return tableRows(section(doc, heading)).flatMap((row) => row[column] || []);
}

const DEFERRED: Record<DeferReason, true> = {
  scheduled: true,
  paused: true,
  breaker_open: true,
  rate_limited: true,
  throttled: true,
  proxy: true,
  resources: true,
  overflow: true,
  shutdown: true,
  webhook_unreadable: true,
};

const ENDED: Record<DeadReason | EndReason, true> = {
  attempts_exhausted: true,
  max_age: true,
  gone: true,
  disabled_by_receiver: true,
  aborted_by_receiver: true,
  webhook_disabled: true,
  backlog_full: true,
  ttl: true,
  webhook_deleted: true,
  cancelled: true,
  erased: true,
};

describe('docs/retries.md', () => {
  test('says of each class of failure what the rules say', () => {
    const rows = tableRows(section(doc, '## What follows from an attempt'));
    const said = Object.fromEntries(rows.map(([name, _what, ...follows]) => [name, follows]));
    const expected = (Object.keys(FAILURE_RULES) as FailureClass[]).map((failure) => {
      const rule = FAILURE_RULES[failure];
      if (rule.kind === 'dead') return [failure, ['no', '']];
      if (failure === 'shutdown') return [failure, ['at once', 'no']];
      return [failure, ['yes', rule.kind === 'retry' ? 'yes' : 'no']];
    });
    expect(said).toEqual(Object.fromEntries(expected));
  });

  test('names every reason to wait', () => {
    expect(named('## Waiting without using up an attempt', 0).toSorted()).toEqual(Object.keys(DEFERRED).toSorted());
  });

  test('names every end', () => {
    expect(named('## How it ends', 1).toSorted()).toEqual(Object.keys(ENDED).toSorted());
  });
});
