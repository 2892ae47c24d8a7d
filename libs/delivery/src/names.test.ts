import { afterEach, describe, expect, test } from '@jest/globals';
import { createSocket, type Socket } from 'node:dgram';
import { createAddressGuard, type AttemptResult } from '@hookline/domain';
import { createReceiver } from '@hookline/testkit';
import { createNames } from './names.ts';
import { createSender } from './sender.ts';

const opened: { close(): unknown }[] = [];

afterEach(async () => {
  for (const part of opened.splice(0)) await part.close();
});

describe('names', () => {
  test('are asked for once while the answer is valid, both families together', async () => {
    const dns = await nameServer(() => ['192.0.2.7']);
    const names = createNames({ servers: [dns.address] });
    expect(await Promise.all([names.resolve('a.test'), names.resolve('a.test')])).toEqual([
      [{ address: '192.0.2.7', family: 4 }],
      [{ address: '192.0.2.7', family: 4 }],
    ]);
    await names.resolve('a.test');
    expect(dns.questions).toHaveLength(2);
  });

  test('that do not exist or are not answered are dns failures, within their deadline', async () => {
    const dns = await nameServer(() => []);
    const names = createNames({ servers: [dns.address], timeoutMs: 100 });
    await expect(names.resolve('gone.test')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    const started = performance.now();
    await expect(names.resolve('silent.test')).rejects.toMatchObject({ code: 'ETIMEOUT' });
    expect(performance.now() - started).toBeLessThan(1_000);
    names.close();
  });

  test('a family whose questions are dropped takes nothing from the other', async () => {
    const dns = await nameServer(() => ['192.0.2.7']);
    const names = createNames({ servers: [dns.address] });
    const started = performance.now();
    expect(await names.resolve('a-only.test')).toEqual([{ address: '192.0.2.7', family: 4 }]);
    expect(performance.now() - started).toBeLessThan(1_000);
    names.close();
  });

  test('a name that hangs holds up no other', async () => {
    const dns = await nameServer(() => ['127.0.0.1']);
    const receiver = await createReceiver();
    const sender = createSender({
      guard: createAddressGuard(['127.0.0.0/8']),
      names: { servers: [dns.address], timeoutMs: 2_000 },
    });
    opened.push(receiver, sender);
    const hanging = Array.from({ length: 20 }, (_, index) =>
      post(sender, `http://silent${index}.test:${receiver.port}`),
    );
    const started = performance.now();
    expect(await post(sender, `http://quick.test:${receiver.port}`)).toMatchObject({ failure: null });
    expect(performance.now() - started).toBeLessThan(500);
    expect((await Promise.all(hanging)).map(({ failure }) => failure)).toEqual(hanging.map(() => 'timeout'));
  });

  test('a name that turns to an inner address (DNS rebinding) is not followed', async () => {
    // The second answer, after the first has run out, points inside.
    let answers = 0;
    const dns = await nameServer(() => [answers++ === 0 ? '127.0.0.2' : '127.0.0.1']);
    const receiver = await createReceiver();
    const sender = createSender({ guard: createAddressGuard(['127.0.0.2/32']), names: { servers: [dns.address] } });
    opened.push(receiver, sender);
    // Let through by the guard, though nobody listens there.
    expect(await post(sender, `http://rebind.test:${receiver.port}`)).toMatchObject({ failure: 'refused' });
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(await post(sender, `http://rebind.test:${receiver.port}`)).toMatchObject({
      failure: 'blocked',
      error: 'rebind.test must not be connected to: 127.0.0.1 is this machine',
    });
    expect(receiver.requests).toHaveLength(0);
  });

  test('of several addresses only those are tried that may be reached', async () => {
    const dns = await nameServer(() => ['10.0.0.1', '127.0.0.1']);
    const receiver = await createReceiver();
    const sender = createSender({ guard: createAddressGuard(['127.0.0.0/8']), names: { servers: [dns.address] } });
    opened.push(receiver, sender);
    expect(await post(sender, `http://both.test:${receiver.port}`)).toMatchObject({ failure: null });
  });
});

function post(sender: ReturnType<typeof createSender>, origin: string): Promise<AttemptResult> {
  const request = { origin, path: '/', headers: [], body: Buffer.from('{}'), timeoutMs: 1_000 };
  return new Promise((resolve) => sender.send(request, resolve));
}

/**
 * A name server with IPv4 addresses, valid for 0 s; none: no such name. It never answers for names that begin with
 * `silent`, nor for AAAA of those that begin with `a-only`.
 */
async function nameServer(answer: () => string[]) {
  const socket: Socket = createSocket('udp4');
  const questions: string[] = [];
  socket.on('message', (query, from) => {
    const { name, end } = readName(query);
    questions.push(name);
    const isIpv4 = query.readUInt16BE(end) === 1;
    if (name.startsWith('silent') || (name.startsWith('a-only') && !isIpv4)) return;
    const addresses = isIpv4 ? answer() : [];
    socket.send(reply(query.subarray(0, end + 4), addresses, isIpv4), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  opened.push(socket);
  return { address: `127.0.0.1:${socket.address().port}`, questions };
}

function readName(query: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.'), end: at + 1 };
}

/** A is answered; AAAA is without records, so that the name exists. Without addresses the name doesn't. */
function reply(question: Buffer, addresses: string[], isIpv4: boolean): Buffer {
  const header = Buffer.from(question);
  const exists = addresses.length > 0 || !isIpv4;
  header.writeUInt16BE(exists ? 0x8180 : 0x8183, 2);
  header.writeUInt16BE(addresses.length, 6);
  header.writeUInt16BE(0, 8);
  header.writeUInt16BE(0, 10);
  const records = addresses.map((address) =>
    Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]),
  );
  return Buffer.concat([header, ...records]);
}
