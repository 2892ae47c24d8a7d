import { closeSync, openSync } from 'node:fs';
import { isIP, type Socket } from 'node:net';
import { devNull } from 'node:os';
import type { AddressGuard } from '@hookline/domain';
import { dial, event, secured, Steps, type Connecting, type Target } from './connecting.ts';
import { classifyError } from './failure.ts';
import type { Address, Names } from './names.ts';
import { openTunnel, type Proxy } from './proxy.ts';

/** A name's addresses are not to be had; the cause has c-ares's code, of which ECONNREFUSED says nothing about the receiver. */
class NameFailure extends Error {
  readonly code = 'HL_DNS';
}

/** The guard's no. */
class BlockedAddress extends Error {
  readonly code = 'HL_BLOCKED';
}

export interface Connector {
  /** `connected` is called once, later. */
  connect(target: Target, connected: (...outcome: [null, Socket] | [Error, null]) => void): Connecting;
  /** Gives up connections that are being made. */
  close(): void;
}

export interface ConnectorOptions {
  guard: AddressGuard;
  names: Names;
  /** Of each phase but the first, which has the names' own. */
  timeoutMs: number;
  proxy?: Proxy | undefined;
}

/**
 * Makes connections only to addresses that the guard lets through. It is asked about the very addresses that the socket is
 * given (or the proxy is told), so that a name that resolves differently a moment later (DNS rebinding) gains nothing.
 */
export function createConnector({ guard, names, timeoutMs, proxy }: ConnectorOptions): Connector {
  const underWay = new Set<Steps>();

  async function resolve(name: string): Promise<Address[]> {
    try {
      return await names.resolve(name);
    } catch (cause) {
      throw shortage() ?? new NameFailure((cause as Error).message, { cause });
    }
  }

  /** Webhooks' owners read it: where a name leads inside is not for them. */
  function why(hostname: string, [refused]: readonly Address[]): string {
    if (refused === undefined) return 'it has no address';
    const what = guard.refusal(refused.address);
    return isIP(hostname) === 0 ? `it leads to an address that is not public (${what})` : `${hostname} is ${what}`;
  }

  async function find(hostname: string): Promise<Address[]> {
    const literal = isIP(hostname);
    const found = literal === 0 ? await resolve(hostname) : [{ address: hostname, family: literal as 4 | 6 }];
    const open = found.filter(({ address }) => guard.refusal(address) === null);
    if (open.length > 0) return open;
    throw new BlockedAddress(`${hostname} must not be connected to: ${why(hostname, found)}`);
  }

  async function make(target: Target, steps: Steps): Promise<Socket> {
    const addresses = await steps.until(find(target.hostname));
    steps.enter('connect', timeoutMs);
    let socket: Socket;
    if (proxy === undefined) {
      socket = steps.own(dial(target.hostname, target.port, addresses));
      await steps.until(event(socket, 'connect'));
      steps.address = socket.remoteAddress ?? null;
    } else {
      socket = await openTunnel({ proxy, names, port: target.port, addresses, steps });
    }
    if (target.context === null) return socket;
    steps.enter('tls', timeoutMs);
    const secure = steps.own(secured(socket, target, target.context()));
    await steps.until(event(secure, 'secureConnect'));
    return secure;
  }

  return {
    connect(target, connected) {
      const steps = new Steps();
      underWay.add(steps);
      make(target, steps).then(
        (socket) => {
          underWay.delete(steps);
          steps.finish();
          connected(null, socket);
        },
        (error: Error) => {
          underWay.delete(steps);
          steps.fail();
          connected(error, null);
        },
      );
      return steps;
    },
    close() {
      for (const steps of underWay) steps.abort();
    },
  };
}

/** That this process can open nothing more; null: it can. c-ares only says that no name server could be asked. */
function shortage(): Error | null {
  try {
    closeSync(openSync(devNull, 'r'));
    return null;
  } catch (error) {
    return classifyError(error as Error) === 'resources' ? (error as Error) : null;
  }
}
