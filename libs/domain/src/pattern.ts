import { EVENT_LIMITS, isEventType } from './event.ts';

/**
 * An event type pattern: an exact type (`order.created`), a prefix (`order.*`, every type below `order.`, at any depth)
 * or `*` (everything). All other characters, `_` and `.` among them, stand for themselves.
 */
export function isPattern(pattern: string): boolean {
  if (pattern === '*') return true;
  if (pattern.length > EVENT_LIMITS.type) return false;
  return isEventType(pattern.endsWith('.*') ? pattern.slice(0, -2) : pattern);
}

export function matches(pattern: string, type: string): boolean {
  if (pattern === '*') return true;
  if (pattern.endsWith('.*')) return type.startsWith(pattern.slice(0, -1)) && type.length > pattern.length - 1;
  return pattern === type;
}

/**
 * Every pattern that matches `type`, most specific first: `a.b.c` → `a.b.c`, `a.b.*`, `a.*`, `*`.
 * An index by pattern is looked up with these, so that matching costs nothing per webhook that does not match.
 */
export function patternsOf(type: string): string[] {
  const patterns = [type];
  for (let dot = type.lastIndexOf('.'); dot > 0; dot = type.lastIndexOf('.', dot - 1)) {
    patterns.push(`${type.slice(0, dot)}.*`);
  }
  patterns.push('*');
  return patterns;
}
