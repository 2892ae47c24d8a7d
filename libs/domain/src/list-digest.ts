import { FILTER_LIMITS } from './filter.ts';

/** The least and the greatest of a list's numbers, or of its texts. */
export interface Range<T> {
  least: T;
  most: T;
}

/**
 * What filters ask of a long list. It is gone through once for each kind of question, however many filters ask, so that a question costs about the same
 * whatever the list's length.
 */
export class ListDigest {
  readonly #elements: readonly unknown[];
  #values: Set<unknown> | undefined;
  #numbers: Range<number> | null | undefined;
  #texts: Range<string> | null | undefined;
  #starts: string[] | undefined;
  #ends: string[] | undefined;

  constructor(list: readonly unknown[]) {
    this.#elements = list.slice(0, FILTER_LIMITS.elements);
  }

  has(value: unknown): boolean {
    return this.#set().has(value);
  }

  hasAny(values: ReadonlySet<unknown>): boolean {
    return !this.#set().isDisjointFrom(values);
  }

  /** null: there are none. */
  get numbers(): Range<number> | null {
    if (this.#numbers === undefined) this.#numbers = rangeOf(this.#elements.filter((each) => typeof each === 'number'));
    return this.#numbers;
  }

  get texts(): Range<string> | null {
    if (this.#texts === undefined) this.#texts = rangeOf(this.#elements.filter(isText));
    return this.#texts;
  }

  hasTextThatStarts(part: string): boolean {
    return hasStart((this.#starts ??= this.#elements.filter(isText).map(startOf).sort()), part);
  }

  hasTextThatEnds(part: string): boolean {
    return hasStart((this.#ends ??= this.#elements.filter(isText).map(endOf).sort()), endOf(part));
  }

  #set(): Set<unknown> {
    return (this.#values ??= new Set(this.#elements));
  }
}

const digests = new WeakMap<readonly unknown[], ListDigest>();

/** Of a list that doesn't change any more. */
export function digestOf(list: readonly unknown[]): ListDigest {
  let digest = digests.get(list);
  if (digest === undefined) digests.set(list, (digest = new ListDigest(list)));
  return digest;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function rangeOf<T extends number | string>(values: readonly T[]): Range<T> | null {
  const [first, ...others] = values;
  if (first === undefined) return null;
  const range = { least: first, most: first };
  for (const value of others) {
    if (value < range.least) range.least = value;
    if (value > range.most) range.most = value;
  }
  return range;
}

/** No more of a text is compared with. */
function startOf(text: string): string {
  return text.slice(0, FILTER_LIMITS.text);
}

/** Backwards, by UTF-16 code units. */
function endOf(text: string): string {
  return text.slice(-FILTER_LIMITS.text).split('').toReversed().join('');
}

/** @param sorted by UTF-16 code units: those with a common start stand behind it, side by side */
function hasStart(sorted: readonly string[], start: string): boolean {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sorted[middle]! < start) from = middle + 1;
    else to = middle;
  }
  return sorted[from]?.startsWith(start) === true;
}
