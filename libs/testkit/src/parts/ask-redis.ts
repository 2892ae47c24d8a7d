import { connect } from 'node:net';

const ANSWER_TIMEOUT_MS = 1_000;

/** The first bytes that a Redis on 127.0.0.1 answers to one command, as they are: `+PONG`, say. */
export function askRedis(port: number, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: ANSWER_TIMEOUT_MS });
    const fail = (why: string) => {
      socket.destroy();
      reject(new Error(`Redis on port ${port} ${why}`));
    };
    socket.once('connect', () => socket.write(`${command}\r\n`));
    socket.once('data', (chunk) => {
      socket.destroy();
      resolve(chunk.toString('utf8'));
    });
    socket.once('error', ({ message }) => fail(message));
    socket.once('timeout', () => fail('does not answer'));
    socket.once('close', () => fail('closes the connection'));
  });
}
