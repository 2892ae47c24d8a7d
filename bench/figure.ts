/** One measured thing beside its bare limit. Written to the file of `--json` as it is. */
export interface Figure {
  bench: string;
  name: string;
  value: number;
  unit: string;
  /** The same of the bare loop, or of whatever it is to be compared with, measured in the same run; null where there is nothing to compare. */
  bare: number | null;
  /** value / bare: the median over the pairs of one run each, which a drifting machine disturbs less than the medians' ratio. */
  ratio: number | null;
  /** CPU per event (or delivery, or entry) of our processes together. */
  cpuUs: number | null;
  /** The same, process by process, stores and load included. */
  processes?: Record<string, number>;
  /** What must be reached, e.g. `<= 1.5×`, and whether it was. */
  target?: string;
  reached?: boolean;
  note?: string;
}

/** What a bench gives: each figure as soon as it is known. */
export type Figures = AsyncGenerator<Figure, void>;

/** A pair of one run with and one without. */
export interface Pair {
  value: number;
  bare: number;
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** @param share 0.5 for the median, 0.99 for p99 */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function compare(pairs: readonly Pair[]): { value: number; bare: number; ratio: number } {
  return {
    value: median(pairs.map(({ value }) => value)),
    bare: median(pairs.map(({ bare }) => bare)),
    ratio: median(pairs.map(({ value, bare }) => value / bare)),
  };
}

/** A target on the ratio to the bare loop. */
export function atMostTimes(bound: number, ratio: number): { target: string; reached: boolean } {
  return { target: `<= ${bound}×`, reached: ratio <= bound };
}

export function atLeast(bound: number, value: number, unit: string): { target: string; reached: boolean } {
  return { target: `>= ${bound} ${unit}`, reached: value >= bound };
}

export function atMost(bound: number, value: number, unit: string): { target: string; reached: boolean } {
  return { target: `<= ${bound} ${unit}`, reached: value <= bound };
}

export function show(figure: Figure): void {
  const { name, value, unit, bare, ratio, target, reached, processes, note } = figure;
  const cells = [
    name.padEnd(44),
    `${number(value)} ${unit}`.padEnd(20),
    (bare === null ? '' : `bare ${number(bare)}`).padEnd(16),
    (ratio === null ? '' : `${ratio.toFixed(2)}×`).padEnd(8),
    target === undefined ? '' : `${target} ${reached === true ? 'ok' : 'MISSED'}`,
  ];
  console.log(cells.join(' ').trimEnd());
  if (processes !== undefined) {
    const bill = Object.entries(processes).map(([process, us]) => `${process} ${number(us)}`);
    console.log(`    CPU µs each: ${bill.join(', ')}`);
  }
  if (note !== undefined) console.log(`    ${note}`);
}

function number(value: number): string {
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString('en');
  return value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);
}
