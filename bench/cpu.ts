import { readFileSync } from 'node:fs';
import { cpuMs } from '../tests/budgets/process-stats.ts';
import { median } from './figure.ts';

/** Processes whose CPU is counted, by what they are called in a bill. */
export type Watched = Record<string, readonly (number | undefined)[]>;

/** What each has computed so far, with its children (PostgreSQL serves each connection by one), in ms. */
export function readCpu(watched: Watched): Record<string, number> {
  const read: Record<string, number> = {};
  for (const [name, pids] of Object.entries(watched)) {
    read[name] = pids.reduce<number>((sum, pid) => sum + (pid === undefined ? 0 : treeMs(pid)), 0);
  }
  return read;
}

/** CPU µs per unit of each between two readings. */
export function billPerUnit(
  before: Record<string, number>,
  after: Record<string, number>,
  units: number,
): Record<string, number> {
  const bill: Record<string, number> = {};
  for (const name in after) bill[name] = (((after[name] as number) - (before[name] ?? 0)) * 1_000) / units;
  return bill;
}

/** Of several runs. */
export function medianBill(bills: readonly Record<string, number>[]): Record<string, number> {
  const middle: Record<string, number> = {};
  for (const name of Object.keys(bills[0] ?? {})) middle[name] = median(bills.map((bill) => bill[name] as number));
  return middle;
}

export function sum(bill: Record<string, number>, ...names: string[]): number {
  return (names.length > 0 ? names.map((name) => bill[name] ?? 0) : Object.values(bill)).reduce((a, b) => a + b, 0);
}

function treeMs(pid: number): number {
  let total: number;
  let children: string;
  try {
    total = cpuMs(pid);
    children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  } catch {
    return 0; // It has ended meanwhile.
  }
  for (const child of children === '' ? [] : children.split(' ')) total += treeMs(Number(child));
  return total;
}
