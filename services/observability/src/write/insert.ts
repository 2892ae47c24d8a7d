import { binaryArray, type ElementType, type Parameter } from '@hookline/database';

type ColumnType = 'text' | 'integer' | 'bigint' | 'bytea' | 'jsonb' | 'time';

/** The columns of a row and what they are. */
export type Columns<Row> = Record<keyof Row & string, ColumnType>;

interface Insert {
  sql: string;
  parameters: Parameter[];
}

type Value = string | number | Buffer | null;

/** How a column's values come, and what becomes of one. */
const TYPES: Record<ColumnType, { element: ElementType; value: (name: string) => string }> = {
  text: { element: 'text', value: (name) => name },
  integer: { element: 'int4', value: (name) => name },
  bigint: { element: 'int8', value: (name) => name },
  bytea: { element: 'bytea', value: (name) => name },
  jsonb: { element: 'text', value: (name) => `${name}::jsonb` },
  /** Milliseconds since 1970: a number costs less than the text of a time. */
  time: { element: 'float8', value: (name) => `to_timestamp(${name} / 1000)` },
};

/**
 * All rows in one statement: an array for each column, or, since taking a value out of an array costs as much as storing it, one value where all rows have
 * the same, and nothing where that is null.
 */
export function insertAll<Row extends object>(table: string, columns: Columns<Row>, rows: readonly Row[]): Insert {
  const names: string[] = [];
  const values: string[] = [];
  const arrays: string[] = [];
  const parameters: Parameter[] = [];
  for (const [name, type] of Object.entries(columns) as [keyof Row & string, ColumnType][]) {
    const { element, value } = TYPES[type];
    const first = rows[0]![name] as Value;
    const same = rows.every((row) => row[name] === first);
    if (same && first === null) continue;
    names.push(name);
    if (same) values.push(value(`$${parameters.push(first)}::${element}`));
    else {
      const items = rows.map((row) => row[name] as Value);
      arrays.push(`unnest($${parameters.push(binaryArray(element, items))}::${element}[]) AS ${name}`);
      values.push(value(`r.${name}`));
    }
  }
  const source = arrays.length === 0 ? '' : ` FROM (SELECT ${arrays.join(', ')}) AS r`;
  return { sql: `INSERT INTO ${table} (${names.join(', ')}) SELECT ${values.join(', ')}${source}`, parameters };
}
