import { readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second (USER_HZ) on every architecture that Node runs on. */
const MS_PER_TICK = 10;

/** What the process and its threads have computed so far. */
export function cpuMs(pid: number): number {
  // The name, second, may hold spaces and brackets.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  const [userTicks, systemTicks] = [fields[11], fields[12]].map(Number) as [number, number];
  return (userTicks + systemTicks) * MS_PER_TICK;
}

export function residentMb(pid: number): number {
  const kb = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kb) / 1024;
}
