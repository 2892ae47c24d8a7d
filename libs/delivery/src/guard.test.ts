import { afterEach, describe, expect, test } from '@jest/globals';
import { createAddressGuard, type AttemptResult } from '@hookline/domain';
import { createNameServer, createReceiver, type NameAnswer, type Receiver } from '@hookline/testkit';
import { createSender, type Sender, type SenderOptions } from './index.ts';

const opened: { close(): unknown }[] = [];

afterEach(async () => {
  for (const part of opened.splice(0).toReversed()) await part.close();
});

type Answer = (name: string, family: 4 | 6) => NameAnswer;

/** A sender that asks a real name server which answers as it is told. */
async function open(allowed: string[], answer: Answer, options: Partial<SenderOptions> = {}): Promise<Sender> {
  const names = await createNameServer(answer);
  const sender = createSender({
    guard: createAddressGuard(allowed),
    names: { servers: [names.address] },
    ...options,
  });
  opened.push(names, sender);
  return sender;
}

async function receive(): Promise<Receiver> {
  const receiver = await createReceiver();
  opened.push(receiver);
  return receiver;
}

function post(sender: Sender, origin: string): Promise<AttemptResult> {
  const request = { origin, path: '/', headers: [], body: Buffer.from('{}'), timeoutMs: 2_000 };
  return new Promise((resolve) => sender.send(request, resolve));
}

describe('no address is connected to that the guard refuses', () => {
  test.each([
    '127.0.0.1',
    '::1',
    '::ffff:127.0.0.1',
    '0.0.0.0',
    '::',
    '10.0.0.1',
    '100.64.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '192.168.0.1',
    '224.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'fd00:ec2::254',
    'fe80::1',
    'ff02::1',
  ])('a name that means %s', async (address) => {
    const receiver = await receive();
    const sender = await open([], () => [address]);
    const result = await post(sender, `http://inner.test:${receiver.port}`);
    expect(result).toMatchObject({ failure: 'blocked', phase: 'name', status: null });
    expect(result.error).toMatch(
      /^inner\.test must not be connected to: it leads to an address that is not public \(.+\)$/,
    );
    expect(result.error).not.toContain(address);
    expect(receiver.requests).toHaveLength(0);
  });

  test.each([
    '0x7f.1',
    '0177.0.0.1',
    '2130706433',
    '127.1',
    '0',
    '①②⑦.0.0.1',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    'localhost.',
  ])('host %s of a URL', async (host) => {
    const receiver = await receive();
    const { origin } = new URL(`http://${host}:${receiver.port}`);
    expect(await post(await open([], () => []), origin)).toMatchObject({ failure: 'blocked' });
    expect(receiver.requests).toHaveLength(0);
  });

  test('of a name with good and bad addresses only the good ones are tried', async () => {
    const receiver = await receive();
    const answer: Answer = (_name, family) => (family === 4 ? ['10.0.0.1', '127.0.0.1'] : ['fd00::1', '::1']);
    const sender = await open(['127.0.0.1/32'], answer);
    const result = await post(sender, `http://mixed.test:${receiver.port}`);
    expect(result).toMatchObject({ failure: null });
    // None of the others was waited for.
    expect(result.timings?.connectMs).toBeLessThan(900);
  });

  test('a network is allowed for what is in it only', async () => {
    const receiver = await receive();
    const sender = await open(['127.0.0.0/31'], (name) => [name === 'in.test' ? '127.0.0.1' : '127.0.0.2']);
    expect(await post(sender, `http://in.test:${receiver.port}`)).toMatchObject({ failure: null });
    expect(await post(sender, `http://out.test:${receiver.port}`)).toMatchObject({ failure: 'blocked' });
  });

  test('a name that means another address each time it is asked for (DNS rebinding)', async () => {
    const receiver = await receive();
    // To the guard it would be 127.0.0.2, where nobody is, and to whoever asks once more 127.0.0.1.
    let asked = 0;
    const sender = await open(['127.0.0.2/32'], () => [asked++ % 4 < 2 ? '127.0.0.2' : '127.0.0.1']);
    const results: (string | null)[] = [];
    for (let round = 0; round < 3; round++) {
      results.push((await post(sender, `http://rebind.test:${receiver.port}`)).failure);
      await new Promise((resolve) => setTimeout(resolve, 1_050));
    }
    expect(results).toEqual(['refused', 'blocked', 'refused']);
    expect(receiver.requests).toHaveLength(0);
  });

  test('a connection is given up when its name has come to mean other addresses', async () => {
    const receiver = await receive();
    let address = '127.0.0.1';
    const sender = await open(['127.0.0.1/32'], () => [address], { checkMs: 50 });
    const origin = `http://moves.test:${receiver.port}`;
    expect(await post(sender, origin)).toMatchObject({ failure: null });
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    expect((await post(sender, origin)).timings).not.toHaveProperty('connectMs');
    address = '10.0.0.1';
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    // This one sees to it, on the old connection.
    expect(await post(sender, origin)).toMatchObject({ failure: null });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await post(sender, origin)).toMatchObject({ failure: 'blocked' });
    expect(receiver.requests).toHaveLength(3);
  });
});
