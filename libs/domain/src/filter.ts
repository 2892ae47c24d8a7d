/**
 * A condition on an event: an object of fields, all of which must hold. A field is `type`, `source`, `subject`, or a path into `metadata` or `data`
 * (nested objects, or dots: `{"data": {"order": {"total": {"$gte": 100}}}}` and `{"data.order.total": {"$gte": 100}}` are the same). Its value is a
 * JSON scalar (equal to it) or an object of operators; `$or`, `$and` (arrays of conditions) and `$not` (a condition) combine.
 */
export interface FilterCondition {
  [fieldOrOperator: string]: FilterValue;
}

export type FilterValue = string | number | boolean | null | FilterValue[] | FilterCondition;
