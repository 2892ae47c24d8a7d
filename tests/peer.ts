import { fork, type ChildProcess } from 'node:child_process';

/** A process of a test or a bench beside the platform: a sender, a receiver. */
export interface Peer<Report> {
  /** Its answer to `report`, or to another message that it answers. */
  report(message?: string): Promise<Report>;
  tell(message: string | object): void;
  /** Resolves when it has ended. */
  ended: Promise<number>;
  process: ChildProcess;
}

/** @param file its source; it finds its settings as JSON in its first argument, and answers the message `report` */
export function startPeer<Report>(file: string, settings: object): Peer<Report> {
  const child = fork(file, [JSON.stringify(settings)], { stdio: 'inherit' });
  return {
    process: child,
    ended: new Promise((resolve) => child.once('exit', (code) => resolve(code ?? -1))),
    tell: (message) => child.send(message),
    report: (message = 'report') =>
      new Promise((resolve, reject) => {
        const gone = () => reject(new Error(`${file} has ended`));
        child.once('exit', gone);
        child.once('message', (answer) => {
          child.off('exit', gone);
          resolve(answer as Report);
        });
        child.send(message);
      }),
  };
}
