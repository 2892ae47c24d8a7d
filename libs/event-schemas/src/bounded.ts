import { pointerBelow, type Problem } from '@hookline/domain';

/** What a schema may be. It is asked of every event of its type, so its cost is bounded here. */
export const SCHEMA_LIMITS = {
  /** Characters, as JSON. */
  length: 32_768,
  /** Objects and lists in it, those that are referred to counted wherever they are referred to. */
  nodes: 500,
  /** Strings, numbers, booleans and nulls in it, counted likewise. */
  scalars: 2_000,
  /** What is in a schema, times the values of the data that it is asked of: at worst 0.1 s or so, while nothing else goes on. */
  work: 5_000_000,
  /** Characters that are matched, times the steps of RE2's program for the pattern: likewise. */
  patternWork: 3_000_000,
} as const;

/** Of an object or a list; a scalar counts once. One that doesn't fit among others makes an error; one of a long `enum` is compared. */
const NODE_WORK = 10;

export interface Bounded {
  problems: Problem[];
  /** How many values a schema may be asked of at once. */
  mostValues: number;
}

/** Their cost is not bounded, or they need a second schema. */
const REFUSED = new Set(['$id', '$anchor', '$dynamicAnchor', '$dynamicRef', '$recursiveAnchor', '$recursiveRef']);

/** What in a schema would make it too dear to ask. References lead to places in it, and not in circles. */
export function boundSchema(schema: object, pointer: string): Bounded {
  const problems: Problem[] = [];
  const length = JSON.stringify(schema).length;
  if (length > SCHEMA_LIMITS.length) {
    return { problems: [{ pointer, detail: `has at most ${SCHEMA_LIMITS.length} characters` }], mostValues: 0 };
  }
  let nodes = 0;
  let scalars = 0;

  function visit(value: unknown, at: string, within: readonly object[]): void {
    if (typeof value !== 'object' || value === null) {
      scalars++;
      return;
    }
    nodes++;
    if (nodes > SCHEMA_LIMITS.nodes) return;
    for (const [name, inner] of Object.entries(value)) {
      const below = pointerBelow(at, name);
      if (REFUSED.has(name)) problems.push({ pointer: below, detail: 'can not be used here' });
      else if (name === 'uniqueItems' && inner === true)
        problems.push({ pointer: below, detail: 'can not be used here' });
      else if (name === '$ref' && typeof inner === 'string') refer(inner, below, [...within, value]);
      else visit(inner, below, [...within, value]);
    }
  }

  function refer(reference: string, at: string, within: readonly object[]): void {
    const target = placeIn(schema, reference);
    if (target === undefined) problems.push({ pointer: at, detail: 'must lead to a place in the schema: #/$defs/...' });
    else if (within.includes(target)) problems.push({ pointer: at, detail: 'must not lead in a circle' });
    else visit(target, at, within);
  }

  visit(schema, pointer, []);
  if (nodes > SCHEMA_LIMITS.nodes) {
    problems.push({ pointer, detail: `has at most ${SCHEMA_LIMITS.nodes} objects and lists, references followed` });
  } else if (scalars > SCHEMA_LIMITS.scalars) {
    const detail = `has at most ${SCHEMA_LIMITS.scalars} strings, numbers, booleans and nulls, references followed`;
    problems.push({ pointer, detail });
  }
  return { problems, mostValues: Math.floor(SCHEMA_LIMITS.work / (NODE_WORK * nodes + scalars)) };
}

/** Whether there are more values in the data than that, itself and whatever it holds. */
export function hasMoreValues(data: unknown, most: number): boolean {
  // No recursion: data may be as deep as it likes.
  const open = [data];
  let seen = 0;
  while (open.length > 0) {
    const value = open.pop();
    seen++;
    if (seen + open.length > most) return true;
    if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) open.push(inner);
  }
  return false;
}

/** What `#/...` leads to, if that is an object. */
function placeIn(schema: object, reference: string): object | undefined {
  if (reference !== '#' && !reference.startsWith('#/')) return undefined;
  let place: unknown = schema;
  for (const part of reference.split('/').slice(1)) {
    const name = decoded(part)?.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof place !== 'object' || place === null || name === undefined || !Object.hasOwn(place, name))
      return undefined;
    place = (place as Record<string, unknown>)[name];
  }
  return typeof place === 'object' && place !== null ? place : undefined;
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
