import { createSocket } from 'node:dgram';
import { isIPv4 } from 'node:net';

/** A small DNS server on 127.0.0.1. */
export interface NameServer {
  /** `address:port`. */
  address: string;
  /** Names asked for so far, once for each family. */
  questions: string[];
  close: () => void;
}

/** Addresses of one family or both; none: there is no such name; `silent`: no answer. */
export type NameAnswer = readonly string[] | 'silent';

/**
 * @param answer to a question for a name in a family; it may say something else each time
 * @param ttlS of each address
 */
export async function createNameServer(
  answer: (name: string, family: 4 | 6) => NameAnswer,
  ttlS = 0,
): Promise<NameServer> {
  const socket = createSocket('udp4');
  const questions: string[] = [];
  socket.on('message', (query, from) => {
    const { name, end } = readName(query);
    const family = query.readUInt16BE(end) === 1 ? 4 : 6;
    questions.push(name);
    const addresses = answer(name, family);
    if (addresses === 'silent') return;
    const own = addresses.filter((address) => isIPv4(address) === (family === 4));
    socket.send(reply(query.subarray(0, end + 4), own, addresses.length > 0, ttlS), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { address: `127.0.0.1:${socket.address().port}`, questions, close: () => socket.close() };
}

function readName(query: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

const NO_SUCH_NAME = 0x8183;
const ANSWERED = 0x8180;

function reply(question: Buffer, addresses: readonly string[], exists: boolean, ttlS: number): Buffer {
  const header = Buffer.from(question);
  header.writeUInt16BE(exists ? ANSWERED : NO_SUCH_NAME, 2);
  header.writeUInt16BE(addresses.length, 6);
  header.writeUInt16BE(0, 8);
  header.writeUInt16BE(0, 10);
  return Buffer.concat([header, ...addresses.map((address) => record(address, ttlS))]);
}

function record(address: string, ttlS: number): Buffer {
  const bytes = bytesOf(address);
  const head = Buffer.alloc(12);
  // The name is that of the question.
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(bytes.length === 4 ? 1 : 28, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(ttlS, 6);
  head.writeUInt16BE(bytes.length, 10);
  return Buffer.concat([head, bytes]);
}

function bytesOf(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  const groups = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [before = '', after] = groups.split('::');
  const [left, right] = [before, after ?? ''].map((part) => (part === '' ? [] : part.split(':')));
  const zeros = Array.from({ length: after === undefined ? 0 : 8 - left!.length - right!.length }, () => '0');
  return Buffer.from([...left!, ...zeros, ...right!].map((group) => group.padStart(4, '0')).join(''), 'hex');
}
