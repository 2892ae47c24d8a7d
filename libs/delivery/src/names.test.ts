import { afterEach, describe, expect, test } from '@jest/globals';
import { createAddressGuard, type AttemptResult } from '@hookline/domain';
import { createNameServer, createReceiver, type NameServer } from '@hookline/testkit';
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
    opened.push(names);
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
    opened.push(names);
    await expect(names.resolve('gone.test')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    const started = performance.now();
    await expect(names.resolve('silent.test')).rejects.toMatchObject({ code: 'ETIMEOUT' });
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  test('a family whose questions are dropped takes nothing from the other', async () => {
    const dns = await nameServer(() => ['192.0.2.7']);
    const names = createNames({ servers: [dns.address] });
    opened.push(names);
    const started = performance.now();
    expect(await names.resolve('a-only.test')).toEqual([{ address: '192.0.2.7', family: 4 }]);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  test('no name server at all is a failure of the name, not of the receiver', async () => {
    const sender = createSender({ guard: createAddressGuard(), names: { servers: ['127.0.0.1:1'], timeoutMs: 100 } });
    opened.push(sender);
    expect(await post(sender, 'http://any.test')).toMatchObject({ failure: 'dns', phase: 'name', status: null });
  });

  test('of very many addresses of a name only some are kept', async () => {
    const dns = await nameServer(() => Array.from({ length: 25 }, (_, index) => `192.0.2.${index}`));
    const names = createNames({ servers: [dns.address] });
    opened.push(names);
    expect(await names.resolve('many.test')).toHaveLength(8);
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
    for (const result of await Promise.all(hanging)) {
      expect(result).toMatchObject({ failure: 'timeout', phase: 'name', error: 'no address in time' });
    }
  });
});

function post(sender: ReturnType<typeof createSender>, origin: string): Promise<AttemptResult> {
  const request = { origin, path: '/', headers: [], body: Buffer.from('{}'), timeoutMs: 1_000 };
  return new Promise((resolve) => sender.send(request, resolve));
}

/** It never answers for names that begin with `silent`, nor for AAAA of those that begin with `a-only`; answers are valid for 0 s. */
async function nameServer(answer: () => string[]): Promise<NameServer> {
  const server = await createNameServer((name, family) => {
    if (name.startsWith('silent') || (name.startsWith('a-only') && family === 6)) return 'silent';
    // A name without addresses of one family exists all the same.
    return family === 4 ? answer() : ['127.0.0.1'];
  });
  opened.push(server);
  return server;
}
