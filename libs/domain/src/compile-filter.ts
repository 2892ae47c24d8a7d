import { pointerBelow, type Problem } from './errors.ts';
import { FILTER_LIMITS, type Filter, type FilteredEvent } from './filter.ts';
import { isScalar, not, OPERATORS, scalarProblem, textProblem, type Check } from './filter-operators.ts';

export type CompiledFilter = { kind: 'compiled'; filter: Filter } | { kind: 'invalid'; problems: Problem[] };

/**
 * Makes a function of a condition (FilterCondition says what it means), or tells everything that is wrong with it.
 * @param pointer where the condition stands in what the client sent
 */
export function compileFilter(condition: unknown, pointer = '/filter'): CompiledFilter {
  const problems: Problem[] = [];
  // The depth is asked first: what is too deep could not be written as JSON either.
  if (depthOf(condition) > FILTER_LIMITS.depth) {
    return { kind: 'invalid', problems: [{ pointer, detail: `is at most ${FILTER_LIMITS.depth} conditions deep` }] };
  }
  if ((JSON.stringify(condition) ?? '').length > FILTER_LIMITS.length) {
    return { kind: 'invalid', problems: [{ pointer, detail: `has at most ${FILTER_LIMITS.length} characters` }] };
  }
  const compiler = createCompiler(problems);
  const filter = compiler.condition(condition, pointer, compiler.eventField) as Filter;
  if (compiler.nodes() > FILTER_LIMITS.nodes) {
    problems.push({ pointer, detail: `has at most ${FILTER_LIMITS.nodes} fields, operators and conditions` });
  }
  return problems.length === 0 ? { kind: 'compiled', filter } : { kind: 'invalid', problems };
}

/** The check of what stands under a key that is no operator. */
type Field = (name: string, value: unknown, pointer: string) => Check;

const NEVER: Check = () => false;

function createCompiler(problems: Problem[]) {
  let nodes = 0;

  function refuse(pointer: string, detail: string): Check {
    problems.push({ pointer, detail });
    return NEVER;
  }

  /** All members of an object hold. @param field what a key that is no operator means here; null: nothing */
  function condition(given: unknown, pointer: string, field: Field | null): Check {
    if (!isObject(given)) return refuse(pointer, 'must be an object of fields and operators');
    const members = Object.entries(given);
    if (members.length === 0) return refuse(pointer, 'must have a field or an operator');
    nodes += members.length;
    if (nodes > FILTER_LIMITS.nodes) return NEVER;
    return all(members.map(([name, value]) => member(name, value, pointerBelow(pointer, name), field)));
  }

  function member(name: string, value: unknown, pointer: string, field: Field | null): Check {
    const problem = textProblem(name);
    if (problem !== null) return refuse(pointer, `is a name that ${problem}`);
    if (name === '$or') return any(conditions(value, pointer, field));
    if (name === '$and') return all(conditions(value, pointer, field));
    if (name === '$not') return not(condition(value, pointer, field));
    if (!name.startsWith('$')) return field?.(name, value, pointer) ?? refuse(pointer, 'has no fields: it is a text');
    const operator = field === eventField ? undefined : OPERATORS.get(name);
    if (operator === undefined) {
      const known = field === eventField ? [] : [...OPERATORS.keys()];
      return refuse(pointer, `is no operator here; there are ${[...known, '$or', '$and', '$not'].join(' ')}`);
    }
    const check = operator(value);
    return typeof check === 'string' ? refuse(pointer, check) : check;
  }

  function conditions(given: unknown, pointer: string, field: Field | null): Check[] {
    if (!Array.isArray(given) || given.length === 0) return [refuse(pointer, 'must be a list of conditions')];
    return given.map((each, index) => condition(each, pointerBelow(pointer, index), field));
  }

  /** What a field is compared with: a scalar, or conditions on it. */
  function comparison(given: unknown, pointer: string, field: Field | null): Check {
    if (Array.isArray(given)) return refuse(pointer, 'must be a value or an object; {"$in": [...]} is one of several');
    if (!isScalar(given)) return condition(given, pointer, field);
    const check = OPERATORS.get('$eq')?.(given);
    return typeof check === 'function' ? check : refuse(pointer, scalarProblem(given) ?? '');
  }

  /** Of the event itself. */
  function eventField(name: string, value: unknown, pointer: string): Check {
    const dot = name.indexOf('.');
    const root = ROOTS.get(dot < 0 ? name : name.slice(0, dot));
    const below = root === undefined ? null : { text: null, metadata: metadataField, data: dataField }[root.kind];
    if (root === undefined || (dot >= 0 && below === null)) {
      return refuse(pointer, 'is no field of an event; there are type, source, subject, metadata and data');
    }
    const check =
      dot >= 0 && below !== null ? below(name.slice(dot + 1), value, pointer) : comparison(value, pointer, below);
    return (event) => check(root.of(event as FilteredEvent));
  }

  function metadataField(name: string, value: unknown, pointer: string): Check {
    return within(name, comparison(value, pointer, null));
  }

  function dataField(path: string, value: unknown, pointer: string): Check {
    const parts = path.split('.');
    nodes += parts.length - 1;
    if (parts.length > FILTER_LIMITS.depth) return refuse(pointer, `has at most ${FILTER_LIMITS.depth} parts`);
    return parts.reduceRight((check, part) => within(part, check), comparison(value, pointer, dataField));
  }

  return { condition, eventField, nodes: () => nodes };
}

interface Root {
  kind: 'text' | 'metadata' | 'data';
  of: (event: FilteredEvent) => unknown;
}

const ROOTS = new Map<string, Root>([
  ['type', { kind: 'text', of: ({ type }) => type }],
  ['source', { kind: 'text', of: ({ source }) => source }],
  ['subject', { kind: 'text', of: ({ subject }) => subject }],
  ['metadata', { kind: 'metadata', of: ({ metadata }) => metadata }],
  ['data', { kind: 'data', of: ({ data }) => data }],
]);

const PLACE = /^(?:0|[1-9]\d{0,8})$/;

/** The check of a member of an object, or of an element of a list. Inherited members are none. */
function within(name: string, check: Check): Check {
  const isPlace = PLACE.test(name);
  return (value) => {
    if (typeof value !== 'object' || value === null) return check(undefined);
    if (Array.isArray(value) && !isPlace) return check(undefined);
    return check(Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined);
  };
}

function all(checks: readonly Check[]): Check {
  if (checks.length === 1) return checks[0] as Check;
  return (value) => {
    for (const check of checks) if (!check(value)) return false;
    return true;
  };
}

function any(checks: readonly Check[]): Check {
  if (checks.length === 1) return checks[0] as Check;
  return (value) => {
    for (const check of checks) if (check(value)) return true;
    return false;
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Of objects and lists in each other; stops where it is too deep. */
function depthOf(value: unknown, depth = 0): number {
  if (typeof value !== 'object' || value === null || depth > FILTER_LIMITS.depth) return depth;
  let deepest = depth;
  for (const inner of Object.values(value)) deepest = Math.max(deepest, depthOf(inner, depth + 1));
  return deepest;
}
