import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

/** A process of the test beside the platform: the sender or the receiver. */
export interface Peer<Report> {
  report(): Promise<Report>;
  tell(message: string | object): void;
  /** Resolves when it has ended. */
  ended: Promise<number>;
  process: ChildProcess;
}

export function startPeer<Report>(file: string, settings: object): Peer<Report> {
  const child = fork(join(import.meta.dirname, file), [JSON.stringify(settings)], { stdio: 'inherit' });
  return {
    process: child,
    ended: new Promise((resolve) => child.once('exit', (code) => resolve(code ?? -1))),
    tell: (message) => child.send(message),
    report: () =>
      new Promise((resolve, reject) => {
        const gone = () => reject(new Error(`${file} has ended`));
        child.once('exit', gone);
        child.once('message', (message) => {
          child.off('exit', gone);
          resolve(message as Report);
        });
        child.send('report');
      }),
  };
}
