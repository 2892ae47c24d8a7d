/** What the main thread and PGlite's thread say to each other. Requests are carried out in the order in which they are sent. */
export type ToWorker =
  /** Complete messages of PostgreSQL's wire protocol; answered by one `answer`. */
  { kind: 'execute'; session: number; bytes: Uint8Array<ArrayBuffer> } | { kind: 'close' };

export type FromWorker =
  { kind: 'ready' } | { kind: 'answer'; session: number; bytes: Uint8Array<ArrayBuffer> } | { kind: 'closed' };

export interface PgliteWorkerData {
  folder: string;
  startParameters: string[];
}
