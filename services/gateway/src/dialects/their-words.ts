import { InvalidInput, TooLarge } from '@hookline/domain';

/** Fields of ours by the first part of their pointer, and what the other system calls them. */
export type Names = Readonly<Record<string, string>>;

/** What `work` does; where it refuses a field, that is named as its client sent it. */
export async function inTheirWords<T>(names: Names, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof InvalidInput || error instanceof TooLarge)) throw error;
    const Same = error instanceof InvalidInput ? InvalidInput : TooLarge;
    const { message, code, problems } = error;
    const renamed = problems.map(({ pointer, detail }) => ({ pointer: renamedPointer(names, pointer), detail }));
    throw new Same(message, { code, problems: renamed, cause: error });
  }
}

function renamedPointer(names: Names, pointer: string): string {
  const [, first = '', ...rest] = pointer.split('/');
  const name = names[first];
  return name === undefined ? pointer : ['', name, ...rest].join('/');
}
