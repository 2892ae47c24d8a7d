import { EVENT_LIMITS, isEventType, type Problem } from '@hookline/domain';
import { invalidField } from './errors.ts';

const WORDS = 'must be words of letters, digits, _ and - with dots between';

/** `namespace.event`. @throws InvalidInput naming the field at fault */
export function typeOf({ namespace, event }: { namespace: string; event: string }): string {
  const problem = problemOf(namespace, event);
  if (problem !== null) throw invalidField(problem.pointer, problem.detail);
  return `${namespace}.${event}`;
}

/** The same, or `namespace.*` for the event `*`. @throws InvalidInput */
export function patternOf({ namespace, event }: { namespace: string; event: string }): string {
  if (event === '*') return `${checkedNamespace(namespace)}.*`;
  return typeOf({ namespace, event });
}

/** @throws InvalidInput */
export function checkedNamespace(namespace: string): string {
  const detail = wordsProblem(namespace);
  if (detail !== null) throw invalidField('namespace', detail);
  return namespace;
}

function problemOf(namespace: string, event: string): Problem | null {
  for (const [field, text] of [
    ['namespace', namespace],
    ['event', event],
  ] as const) {
    const detail = wordsProblem(text);
    if (detail !== null) return { pointer: field, detail };
  }
  if (namespace.length + 1 + event.length <= EVENT_LIMITS.type) return null;
  return { pointer: 'event', detail: `must have, with its namespace, at most ${EVENT_LIMITS.type} characters` };
}

function wordsProblem(text: string): string | null {
  if (text === '') return 'is required';
  return isEventType(text) ? null : WORDS;
}
