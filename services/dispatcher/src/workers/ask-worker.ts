export interface WorkerAnswer {
  status: number;
  text: string;
}

/** A probe has 2 s for each check (health.ts). */
const DEADLINE_MS = 1_900;

/** What a worker answers; undefined: nothing in time. */
export async function askWorker(port: number, path: string): Promise<WorkerAnswer | undefined> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(DEADLINE_MS) });
    return { status: answer.status, text: await answer.text() };
  } catch {
    return undefined;
  }
}
