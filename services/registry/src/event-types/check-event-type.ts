import type { EventTypeMessage } from '@hookline/contracts/grpc';
import { isEventType, isOnMismatch, ON_MISMATCH, type OnMismatch, type Problem } from '@hookline/domain';
import { compileSchema } from '@hookline/event-schemas';

export const EVENT_TYPE_LIMITS = {
  perTenant: 1_000,
  description: 1024,
  /** Characters, as JSON. */
  example: 32_768,
  page: { byDefault: 50, max: 200 },
} as const;

/** What a client says of an event type, checked. */
export interface EventTypeSettings {
  name: string;
  description: string | null;
  /** JSON. */
  example: string | null;
  /** JSON. */
  schema: string | null;
  onMismatch: OnMismatch;
}

export type CheckedEventType =
  { kind: 'valid'; settings: EventTypeSettings } | { kind: 'invalid'; problems: Problem[] };

/** Everything that is wrong is told at once. */
export function checkEventType(given: EventTypeMessage): CheckedEventType {
  const { name, description, example, schema, onMismatch: wanted } = given;
  const onMismatch = wanted === '' ? 'none' : wanted;
  const problems: Problem[] = [];
  const check = (pointer: string, detail: string | null) => {
    if (detail !== null) problems.push({ pointer, detail });
  };
  check('/name', isEventType(name) ? null : 'must be an event type such as order.created');
  check('/description', descriptionProblem(description));
  const read = example === undefined ? null : readExample(example);
  if (typeof read === 'string') check('/example', read);
  if (!isOnMismatch(onMismatch)) check('/on_mismatch', `must be one of ${ON_MISMATCH.join(', ')}`);
  if (schema !== undefined) problems.push(...schemaProblems(schema, typeof read === 'string' ? null : read));
  else if (onMismatch !== 'none') check('/on_mismatch', 'needs a schema');
  if (problems.length > 0 || !isOnMismatch(onMismatch)) return { kind: 'invalid', problems };
  return {
    kind: 'valid',
    settings: {
      name,
      description: description === '' ? null : description,
      example: example ?? null,
      schema: schema ?? null,
      onMismatch,
    },
  };
}

function descriptionProblem(description: string): string | null {
  const { description: longest } = EVENT_TYPE_LIMITS;
  if (description.length > longest) return `has at most ${longest} characters`;
  return description.includes('\0') ? 'must not contain the character NUL' : null;
}

/** The example's value, or what is wrong with it. */
function readExample(text: string): { value: unknown } | string {
  if (text.length > EVENT_TYPE_LIMITS.example) return `has at most ${EVENT_TYPE_LIMITS.example} characters`;
  try {
    return { value: JSON.parse(text) };
  } catch {
    return 'must be JSON';
  }
}

function schemaProblems(text: string, example: { value: unknown } | null): Problem[] {
  let schema: unknown;
  try {
    schema = JSON.parse(text);
  } catch {
    return [{ pointer: '/schema', detail: 'must be JSON' }];
  }
  const compiled = compileSchema(schema);
  if (compiled.kind === 'invalid') return compiled.problems;
  const problem = example === null ? null : compiled.check(example.value, '/example');
  return problem === null ? [] : [{ ...problem, detail: `does not fit the schema: ${problem.detail}` }];
}
