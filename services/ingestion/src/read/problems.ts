import { InvalidInput, type Problem } from '@hookline/domain';

/** What is wrong with an event, field by field. */
export interface Problems {
  /** @param detail null: nothing is wrong */
  note(name: string, detail: string | null): void;
  /** @throws InvalidInput naming every field at fault */
  throwIfAny(): void;
}

/** So many problems are named at most: a body of a million unknown fields gets no answer of that size. */
const MAX_PROBLEMS = 20;

/** @param pointerTo where a client finds the field of a name */
export function createProblems(pointerTo: (name: string) => string): Problems {
  let problems: Problem[] | undefined;
  return {
    note(name, detail) {
      if (detail === null) return;
      problems ??= [];
      if (problems.length < MAX_PROBLEMS) problems.push({ pointer: pointerTo(name), detail });
    },
    throwIfAny() {
      if (problems === undefined) return;
      const names = problems.map(({ pointer }) => pointer.replace(/^\//, '')).join(', ');
      throw new InvalidInput(`The event is not valid: ${names}.`, { problems });
    },
  };
}

/** RFC 6901, for members of the object at `base`. Behind an overlong name nobody would find the field by it. */
export function pointerBelow(base: string): (name: string) => string {
  return (name) => `${base}/${name.slice(0, 100).toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** One thing that is wrong with the body as a whole, or with what is at `pointer`. */
export function invalid(pointer: string, message: string, detail: string): InvalidInput {
  return new InvalidInput(message, { problems: [{ pointer, detail }] });
}
