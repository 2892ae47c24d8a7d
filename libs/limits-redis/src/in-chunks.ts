/** Many in one script, but so few that none holds Redis up for more than some milliseconds. */
const CHUNK = 200;

export async function inChunks<T, R>(
  items: readonly T[],
  call: (chunk: readonly T[]) => Promise<readonly R[]>,
): Promise<R[]> {
  const calls: Promise<readonly R[]>[] = [];
  for (let from = 0; from < items.length; from += CHUNK) calls.push(call(items.slice(from, from + CHUNK)));
  return (await Promise.all(calls)).flat();
}
