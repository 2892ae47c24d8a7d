import { FILTER_LIMITS } from './filter.ts';
import { digestOf, type ListDigest, type Range } from './list-digest.ts';

/** It costs less to go through those than to remember what they hold. */
const SHORT_LIST = 16;

/** Whether a value of an event is as it must be; undefined: there is none. */
export type Check = (value: unknown) => boolean;

/** A check, or what is wrong with the operand. */
export type Operator = (operand: unknown) => Check | string;

/** By name. Those that combine conditions are the compiler's. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['$eq', (operand) => scalar(operand, equalTo)],
  ['$neq', (operand) => scalar(operand, (wanted) => not(equalTo(wanted)))],
  ['$gt', (operand) => ordered(operand, (value, bound) => value > bound, 'most')],
  ['$gte', (operand) => ordered(operand, (value, bound) => value >= bound, 'most')],
  ['$lt', (operand) => ordered(operand, (value, bound) => value < bound, 'least')],
  ['$lte', (operand) => ordered(operand, (value, bound) => value <= bound, 'least')],
  ['$in', (operand) => scalars(operand, among)],
  ['$nin', (operand) => scalars(operand, (wanted) => not(among(wanted)))],
  [
    '$startsWith',
    (operand) =>
      text(
        operand,
        (value, part) => value.startsWith(part),
        (list, part) => list.hasTextThatStarts(part),
      ),
  ],
  [
    '$endsWith',
    (operand) =>
      text(
        operand,
        (value, part) => value.endsWith(part),
        (list, part) => list.hasTextThatEnds(part),
      ),
  ],
  ['$exist', exist],
]);

export function isScalar(value: unknown): value is string | number | boolean | null {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** What is wrong with a scalar to compare with, or null. */
export function scalarProblem(value: unknown): string | null {
  if (!isScalar(value)) return 'must be a string, a number, true, false or null';
  if (typeof value === 'number' && !Number.isFinite(value)) return 'must be a number that can be told from others';
  return typeof value === 'string' ? textProblem(value) : null;
}

/** What is wrong with a text to compare with, or with a field's name, or null. */
export function textProblem(text: string): string | null {
  if (text.length > FILTER_LIMITS.text) return `has at most ${FILTER_LIMITS.text} characters`;
  // Databases can't store them as text.
  return text.isWellFormed() && !text.includes('\0') ? null : 'must not contain NUL or half a surrogate pair';
}

function scalar(operand: unknown, make: (wanted: unknown) => Check): Check | string {
  return scalarProblem(operand) ?? make(operand);
}

function scalars(operand: unknown, make: (wanted: ReadonlySet<unknown>) => Check): Check | string {
  const { values } = FILTER_LIMITS;
  if (!Array.isArray(operand) || operand.length === 0 || operand.length > values) {
    return `must be a list of 1 to ${values} values`;
  }
  for (const value of operand) {
    const problem = scalarProblem(value);
    if (problem !== null) return `each of its values ${problem}`;
  }
  return make(new Set(operand));
}

function equalTo(wanted: unknown): Check {
  return some(
    (value) => value === wanted,
    (list) => list.has(wanted),
  );
}

function among(wanted: ReadonlySet<unknown>): Check {
  return some(
    (value) => wanted.has(value),
    (list) => list.hasAny(wanted),
  );
}

/** @param end of a list's values that at which `holds` is asked: if it doesn't hold there, it holds nowhere */
function ordered(
  operand: unknown,
  holds: (value: string | number, bound: string | number) => boolean,
  end: keyof Range<unknown>,
): Check | string {
  if (typeof operand !== 'number' && typeof operand !== 'string') return 'must be a number or a string';
  const problem = scalarProblem(operand);
  if (problem !== null) return problem;
  const kind = typeof operand;
  return some(
    (value) => typeof value === kind && holds(value as string | number, operand),
    (list) => {
      const range = kind === 'number' ? list.numbers : list.texts;
      return range !== null && holds(range[end], operand);
    },
  );
}

function text(
  operand: unknown,
  holds: (value: string, part: string) => boolean,
  holdsAmong: (list: ListDigest, part: string) => boolean,
): Check | string {
  if (typeof operand !== 'string' || operand === '') return 'must be a string with at least one character';
  const problem = scalarProblem(operand);
  if (problem !== null) return problem;
  return some(
    (value) => typeof value === 'string' && holds(value, operand),
    (list) => holdsAmong(list, operand),
  );
}

function exist(operand: unknown): Check | string {
  if (typeof operand !== 'boolean') return 'must be true or false';
  return (value) => (value !== undefined) === operand;
}

/** Of the value itself, or of one of a list's elements; of a long list, what all filters together have found out of it is asked. */
function some(check: Check, holdsAmong: (list: ListDigest) => boolean): Check {
  return (value) => {
    if (!Array.isArray(value)) return check(value);
    if (value.length > SHORT_LIST) return holdsAmong(digestOf(value));
    for (const element of value) if (check(element)) return true;
    return false;
  };
}

export function not(check: Check): Check {
  return (value) => !check(value);
}
