import type { LookupOptions } from 'node:dns';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import type { AddressGuard } from '@hookline/domain';
import { buildConnector } from 'undici';
import type { Address, Names } from './names.ts';

/** The guard's no. */
export class BlockedAddress extends Error {
  readonly code = 'HL_BLOCKED';
}

/** Later addresses of a name are tried when an earlier one has not answered for so long. */
const NEXT_ADDRESS_AFTER_MS = 1_000;

export interface Connector {
  connect: buildConnector.connector;
  /** Gives up connections that are being made: undici has no hold of them yet. */
  close(): void;
}

export interface ConnectorOptions {
  guard: AddressGuard;
  names: Names;
  connectTimeoutMs: number;
}

/**
 * Makes connections only to addresses that the guard lets through. It is asked about the very addresses that the socket is
 * given, so that a name that resolves differently a moment later (DNS rebinding) gains nothing.
 */
export function createConnector({ guard, names, connectTimeoutMs }: ConnectorOptions): Connector {
  async function find(hostname: string, family: LookupOptions['family']): Promise<Address[]> {
    const found = await names.resolve(hostname);
    const wanted = family === 4 || family === 6 ? found.filter((each) => each.family === family) : found;
    const open = wanted.filter(({ address }) => guard.refusal(address) === null);
    if (open.length > 0) return open;
    const why = wanted[0] === undefined ? 'it has no address' : guard.refusal(wanted[0].address);
    throw new BlockedAddress(`${hostname} must not be connected to: ${why}`);
  }

  const lookup: LookupFunction = (hostname, { all, family }, answer) => {
    find(hostname, family).then(
      (open) => (all === true ? answer(null, open) : answer(null, open[0]?.address ?? '', open[0]?.family)),
      (error: Error) => answer(error, ''),
    );
  };
  const connect = buildConnector({
    allowH2: false,
    timeout: connectTimeoutMs,
    lookup,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_AFTER_MS,
  });
  const connecting = new Set<Socket>();

  return {
    connect(options, callback) {
      // Node looks literal addresses up nowhere, so they never reach `lookup`.
      const refusal = isIP(options.hostname) === 0 ? null : guard.refusal(options.hostname);
      if (refusal !== null) {
        const blocked = new BlockedAddress(`${options.hostname} must not be connected to: ${refusal}`);
        queueMicrotask(() => callback(blocked, null));
        return;
      }
      // It does return the socket, whatever its type says.
      const socket = connect(options, (...outcome: Parameters<buildConnector.Callback>) => {
        connecting.delete(socket);
        callback(...outcome);
      }) as unknown as Socket;
      connecting.add(socket);
    },
    close() {
      for (const socket of connecting) socket.destroy(new Error('closed'));
    },
  };
}
