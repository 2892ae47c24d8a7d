import { types } from 'pg';
import { binaryArray } from './binary-array.ts';
import type { Parameter } from './database.ts';

const INT8 = 20;
const INT8_ARRAY = 1016;
const DATE = 1082;
const TEXT_ARRAY = 1009;

type Parser = (text: string) => unknown;

/** Its declared type knows built-in types only. */
const byDefault = types as unknown as { getTypeParser(oid: number, format?: string): Parser };

/** How values are read, the same for both kinds of database; pg's own way where nothing is said here. */
const parsers: Record<number, Parser> = {
  [INT8]: toNumber,
  [INT8_ARRAY]: (text) => parseTextArray(text).map((item) => (item === null ? null : toNumber(item))),
  // A day has no time zone: pg would make it midnight in that of this process.
  [DATE]: (text) => text,
};

export const valueTypes = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): Parser {
    if (format !== 'binary' && parsers[oid] !== undefined) return parsers[oid];
    return byDefault.getTypeParser(oid, format);
  },
};

/** What pg is given for a parameter. */
export function toWire(parameter: Parameter): unknown {
  if (!Array.isArray(parameter)) return parameter;
  return parameter.some((item) => Buffer.isBuffer(item))
    ? binaryArray('bytea', parameter as (Buffer | null)[])
    : parameter;
}

function parseTextArray(text: string): (string | null)[] {
  return (valueTypes.getTypeParser(TEXT_ARRAY) as (text: string) => (string | null)[])(text);
}

function toNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} does not fit a JavaScript number`);
  return value;
}
