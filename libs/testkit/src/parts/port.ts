import { createServer } from 'node:net';

// Below 32768: from there on the system hands out ports of its own to outgoing connections.
const FIRST_PORT = 20_000;
const LAST_PORT = 31_999;
const givenOut = new Set<number>();

/** True when 127.0.0.1:port can be bound at this moment. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * The first of `count` neighbouring ports that are free on 127.0.0.1. The same process never gets one twice; another process
 * may still take it before it is used, so whoever starts a server on it tries again with another.
 */
export async function freePort(count = 1): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const first = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT - count));
    const ports = neighbours(first, count);
    if (ports.some((port) => givenOut.has(port)) || !(await areFree(ports))) continue;
    for (const port of ports) givenOut.add(port);
    return first;
  }
  throw new Error(`no free port found between ${FIRST_PORT} and ${LAST_PORT} on 127.0.0.1`);
}

/** The first port from `preferred` on whose `count` neighbours are free. */
export async function nextFreePort(preferred: number, count = 1): Promise<number> {
  for (let first = preferred; first < preferred + 100 * count; first += count) {
    if (await areFree(neighbours(first, count))) return first;
  }
  throw new Error(`no free port found from ${preferred} on (127.0.0.1)`);
}

/**
 * Runs `start` on the wanted port or, where none is wanted, on free ones until it isn't beaten to it.
 * A wanted port that is taken is an error that names it.
 */
export async function onPort<T>(
  name: string,
  wanted: number | undefined,
  count: number,
  start: (port: number) => Promise<T>,
): Promise<T> {
  if (wanted !== undefined) {
    for (const port of neighbours(wanted, count)) {
      if (!(await isPortFree(port))) throw new Error(`${name}: port ${port} on 127.0.0.1 is taken`);
    }
    return start(wanted);
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(await freePort(count));
    } catch (error) {
      if (attempt === 3 || !/address already in use|could not bind/i.test(String(error))) throw error;
    }
  }
}

function neighbours(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

async function areFree(ports: number[]): Promise<boolean> {
  for (const port of ports) if (!(await isPortFree(port))) return false;
  return true;
}
