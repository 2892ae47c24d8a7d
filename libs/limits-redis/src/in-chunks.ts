import type { Keys } from './keys.ts';

/** Many in one script, but so few that none holds Redis up for more than some milliseconds. */
const CHUNK = 200;

/** Calls once for each chunk of items whose keys one script may name, all at the same time; answers in the items' order. */
export async function inChunks<T, R>(
  keys: Keys,
  items: readonly T[],
  nameOf: (item: T) => string,
  call: (chunk: readonly T[], keysOfChunk: string[]) => Promise<readonly R[]>,
): Promise<R[]> {
  const answers: R[] = [];
  async function answer(indices: readonly number[]): Promise<void> {
    const chunk = indices.map((index) => items[index]!);
    const given = await call(
      chunk,
      chunk.map((item) => keys.of(nameOf(item))),
    );
    for (const [at, index] of indices.entries()) answers[index] = given[at]!;
  }
  await Promise.all(chunksOf(items.map((item) => keys.groupOf(nameOf(item)))).map(answer));
  return answers;
}

/** Of indices whose groups are the same, in order. */
function chunksOf(groups: readonly number[]): number[][] {
  const chunks: number[][] = [];
  const open = new Map<number, number[]>();
  for (const [index, group] of groups.entries()) {
    const chunk = open.get(group);
    if (chunk !== undefined && chunk.length < CHUNK) {
      chunk.push(index);
    } else {
      const next = [index];
      chunks.push(next);
      open.set(group, next);
    }
  }
  return chunks;
}
