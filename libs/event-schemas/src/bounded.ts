import { pointerBelow, type Problem } from '@hookline/domain';

/** What a schema may be. It is asked of every event of its type, so its cost is bounded here. */
export const SCHEMA_LIMITS = {
  /** Characters, as JSON. */
  length: 32_768,
  /** Objects and lists in it, those that are referred to counted wherever they are referred to. */
  nodes: 500,
} as const;

/** Their cost is not bounded, or they need a second schema. */
const REFUSED = new Set(['$id', '$anchor', '$dynamicAnchor', '$dynamicRef', '$recursiveAnchor', '$recursiveRef']);

/** What in a schema would make it too dear to ask. References lead to places in it, and not in circles. */
export function boundProblems(schema: object, pointer: string): Problem[] {
  const length = JSON.stringify(schema).length;
  if (length > SCHEMA_LIMITS.length) return [{ pointer, detail: `has at most ${SCHEMA_LIMITS.length} characters` }];
  const problems: Problem[] = [];
  let nodes = 0;

  function visit(value: unknown, at: string, within: readonly object[]): void {
    if (typeof value !== 'object' || value === null) return;
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
  }
  return problems;
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
