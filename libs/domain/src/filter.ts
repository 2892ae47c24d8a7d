/**
 * A condition on an event: an object of fields, all of which must hold.
 *
 * - A field is `type`, `source`, `subject`, a key of `metadata`, or a path into `data`. Paths are written as nested objects or with dots:
 *   `{"data": {"order": {"total": {"$gte": 100}}}}` and `{"data.order.total": {"$gte": 100}}` are the same. A part that is a number is the place in a
 *   list (`data.items.0.sku`). A key of metadata may itself have dots.
 * - Its value is a JSON scalar, to which it must be equal, or an object of operators and fields below it, all of which must hold.
 * - `$or` and `$and` (lists of conditions) and `$not` (a condition) combine, at the top or below a field, whose conditions they then are.
 * - Nothing is converted: `"1"`, `1` and `true` are different; `$gt $gte $lt $lte` compare numbers with numbers and strings with strings (by UTF-16
 *   code units, so that times of one form in UTC are in order), and hold for nothing else.
 * - On a list an operator holds if it holds for one of its first 1,000 elements, so `$eq` and `$in` ask what it contains; `$neq` and `$nin` are the
 *   opposite of `$eq` and `$in`.
 * - Of a field that is missing only `$exist: false`, `$neq`, `$nin` and (around what doesn't hold) `$not` hold. `null` is a value, not missing.
 * - An event whose data isn't JSON has no `data`.
 */
export interface FilterCondition {
  [fieldOrOperator: string]: FilterValue;
}

export type FilterValue = string | number | boolean | null | FilterValue[] | FilterCondition;

/** What a filter may be. It is asked for every event of its webhook's types, so its cost is bounded here. */
export const FILTER_LIMITS = {
  /** Characters, as JSON. */
  length: 16_384,
  /** Fields, operators and conditions in lists. */
  nodes: 100,
  /** Fields below fields and conditions in conditions. */
  depth: 16,
  /** Values of `$in` and `$nin`. */
  values: 200,
  /** Characters of a text to compare with. */
  text: 1_024,
  /** Elements of a list that are looked at. */
  elements: 1_000,
} as const;

/** What a filter sees of an event. */
export interface FilteredEvent {
  readonly type: string;
  readonly source: string;
  readonly subject?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Parsed, undefined where it isn't JSON. Read only if a filter comes to it, so it may be parsed then. */
  readonly data: unknown;
}

export type Filter = (event: FilteredEvent) => boolean;
