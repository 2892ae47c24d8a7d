import type { Queryable } from '@hookline/database';

/** An event type of the catalogue that says what its data must look like. */
export interface TypeSchema {
  tenant: string;
  name: string;
  /** JSON Schema, as JSON. */
  schema: string;
}

const PAGE = 100;

/** All of them, of every tenant, by tenant and name. */
export async function* readSchemas(database: Queryable): AsyncGenerator<TypeSchema> {
  for (let after: [string, string] = ['', '']; ;) {
    const { rows } = await database.query<TypeSchema>(
      `SELECT tenant, name, schema FROM event_types WHERE schema IS NOT NULL AND (tenant, name) > ($1, $2)
       ORDER BY tenant, name LIMIT ${PAGE}`,
      after,
    );
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = [last.tenant, last.name];
  }
}
