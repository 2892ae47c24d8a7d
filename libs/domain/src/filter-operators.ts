import { FILTER_LIMITS } from './filter.ts';

/** Whether a value of an event is as it must be; undefined: there is none. */
export type Check = (value: unknown) => boolean;

/** A check, or what is wrong with the operand. */
export type Operator = (operand: unknown) => Check | string;

/** By name. Those that combine conditions are the compiler's. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['$eq', (operand) => scalar(operand, (wanted) => some((value) => value === wanted))],
  ['$neq', (operand) => scalar(operand, (wanted) => not(some((value) => value === wanted)))],
  ['$gt', (operand) => ordered(operand, (value, bound) => value > bound)],
  ['$gte', (operand) => ordered(operand, (value, bound) => value >= bound)],
  ['$lt', (operand) => ordered(operand, (value, bound) => value < bound)],
  ['$lte', (operand) => ordered(operand, (value, bound) => value <= bound)],
  ['$in', (operand) => scalars(operand, (wanted) => some((value) => wanted.has(value)))],
  ['$nin', (operand) => scalars(operand, (wanted) => not(some((value) => wanted.has(value))))],
  ['$startsWith', (operand) => text(operand, (value, part) => value.startsWith(part))],
  ['$endsWith', (operand) => text(operand, (value, part) => value.endsWith(part))],
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

function ordered(operand: unknown, holds: (value: string | number, bound: string | number) => boolean): Check | string {
  if (typeof operand !== 'number' && typeof operand !== 'string') return 'must be a number or a string';
  const problem = scalarProblem(operand);
  if (problem !== null) return problem;
  const kind = typeof operand;
  return some((value) => typeof value === kind && holds(value as string | number, operand));
}

function text(operand: unknown, holds: (value: string, part: string) => boolean): Check | string {
  if (typeof operand !== 'string' || operand === '') return 'must be a string with at least one character';
  return scalarProblem(operand) ?? some((value) => typeof value === 'string' && holds(value, operand));
}

function exist(operand: unknown): Check | string {
  if (typeof operand !== 'boolean') return 'must be true or false';
  return (value) => (value !== undefined) === operand;
}

/** Of the value itself, or of one of a list's elements. */
function some(check: Check): Check {
  return (value) => {
    if (!Array.isArray(value)) return check(value);
    const count = Math.min(value.length, FILTER_LIMITS.elements);
    for (let index = 0; index < count; index++) if (check(value[index])) return true;
    return false;
  };
}

export function not(check: Check): Check {
  return (value) => !check(value);
}
