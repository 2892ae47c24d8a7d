// npm run schemas -- URL: brings the schemas of the catalogue of event types into a schema registry, for those who produce straight to Kafka.
import { createBackends } from '@hookline/backends';
import { DEFAULT_TENANT, InvalidInput } from '@hookline/domain';
import { readSchemas, type TypeSchema } from '@hookline/registry';
import {
  createLog,
  databaseSection,
  hooklineSection,
  kafkaSection,
  loadConfig,
  logSection,
  redisSection,
  runProcess,
} from '@hookline/service-kit';
import { z } from 'zod';

const USAGE = `npm run schemas -- URL   registers the JSON Schema of each event type with a schema registry, under the type's name (another tenant's: tenant:type)
  URL is where its Confluent API is, e.g. http://localhost:8086/apis/ccompat/v7 for compose's
  What is there already stays as it is; what the registry refuses is named, and the exit code is 1

DATABASE_URL says which catalogue.`;

const DEADLINE_MS = 10_000;
const DRAFT = 'https://json-schema.org/draft/2020-12/schema';

const schema = z.strictObject({
  hookline: hooklineSection,
  log: logSection,
  database: databaseSection,
  kafka: kafkaSection,
  redis: redisSection,
});

function subjectOf({ tenant, name }: TypeSchema): string {
  return tenant === DEFAULT_TENANT ? name : `${tenant}:${name}`;
}

/** A registry knows by `$schema` that it is a JSON Schema, and of which draft; in the catalogue all are of one. */
function withDraft(text: string): string {
  const parsed = JSON.parse(text) as object | boolean;
  return typeof parsed === 'boolean' ? text : JSON.stringify({ $schema: DRAFT, ...parsed });
}

/** Resolves with what went wrong; null: it is registered. */
async function register(url: string, type: TypeSchema): Promise<string | null> {
  try {
    const answer = await fetch(`${url}/subjects/${encodeURIComponent(subjectOf(type))}/versions`, {
      method: 'POST',
      headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
      body: JSON.stringify({ schemaType: 'JSON', schema: withDraft(type.schema) }),
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    const text = await answer.text();
    return answer.ok ? null : `${answer.status} ${text.slice(0, 300)}`;
  } catch (error) {
    return (error as Error).message;
  }
}

await runProcess('schemas', async (source) => {
  const [url, ...rest] = process.argv.slice(2);
  if (url === undefined || rest.length > 0) {
    console.error(USAGE);
    process.exit(2);
  }
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new InvalidInput(`${url}: must be a URL such as http://localhost:8086/apis/ccompat/v7`);
  }
  const config = loadConfig(schema, source);
  const backends = createBackends(config, { service: 'schemas', log: createLog('schemas', config.log.level) });
  let [registered, refused] = [0, 0];
  for await (const type of readSchemas(await backends.database())) {
    const problem = await register(url.replace(/\/$/, ''), type);
    if (problem === null) registered++;
    else {
      refused++;
      console.error(`${subjectOf(type)}: ${problem}`);
    }
  }
  await backends.close();
  console.log(`${registered} schemas are registered${refused > 0 ? `, ${refused} are not` : ''}.`);
  process.exit(refused > 0 ? 1 : 0);
});
