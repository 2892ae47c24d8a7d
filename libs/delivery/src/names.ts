import { Resolver } from 'node:dns';
import { isLocalhost } from '@hookline/domain';

/** Names to addresses, by c-ares: a name that hangs occupies none of libuv's threads, so it stops no other connection. */
export interface Names {
  /** IPv4 first. Rejects with an Error whose `code` is one of c-ares's (`ENOTFOUND`, `ETIMEOUT`, ...). */
  resolve(name: string): Promise<Address[]>;
  /** Cancels what is under way. */
  close(): void;
}

export interface Address {
  address: string;
  family: 4 | 6;
}

export interface NamesOptions {
  /** `address:port` of the servers to ask; the system's without it. */
  servers?: readonly string[];
  /** Of one question, after which the next server or try is due; the whole takes at most three times that. */
  timeoutMs?: number;
}

const CACHED_NAMES = 10_000;
/** Of one family; whoever owns a name decides how many it has. */
const MOST_ADDRESSES = 8;
const SHORTEST_MS = 1_000;
const LONGEST_MS = 60_000;
/** How long it is remembered that a name can't be resolved. */
const FAILURE_MS = 1_000;
/** What is waited for the second family when the first is there: some firewalls drop questions for AAAA. */
const OTHER_FAMILY_MS = 200;

interface Cached {
  answer: Promise<Address[]>;
  /** Infinity while the answer is under way: everybody waits for the same one. */
  untilMs: number;
}

export function createNames({ servers, timeoutMs = 1_500 }: NamesOptions = {}): Names {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 2 });
  if (servers !== undefined) resolver.setServers(servers);
  const cache = new Map<string, Cached>();

  function askAndRemember(name: string): Promise<Address[]> {
    const answer = ask(resolver, name, timeoutMs * 3);
    const entry: Cached = { answer: answer.then(({ addresses }) => addresses), untilMs: Infinity };
    answer.then(
      ({ ttlMs }) => (entry.untilMs = performance.now() + Math.min(LONGEST_MS, Math.max(SHORTEST_MS, ttlMs))),
      () => (entry.untilMs = performance.now() + FAILURE_MS),
    );
    if (cache.size >= CACHED_NAMES) cache.delete(cache.keys().next().value as string);
    cache.set(name, entry);
    return entry.answer;
  }

  return {
    resolve(name) {
      if (isLocalhost(name)) return Promise.resolve(LOCALHOST);
      const cached = cache.get(name);
      if (cached !== undefined && cached.untilMs > performance.now()) return cached.answer;
      cache.delete(name);
      return askAndRemember(name);
    },
    close: () => resolver.cancel(),
  };
}

const LOCALHOST: Address[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

type Found = Address & { ttl: number };

interface Answer {
  addresses: Address[];
  ttlMs: number;
}

/** Asks for both families at once; one that has none, or does not answer, takes nothing from the other. */
async function ask(resolver: Resolver, name: string, deadlineMs: number): Promise<Answer> {
  const found: Record<4 | 6, Found[]> = { 4: [], 6: [] };
  const enough = Promise.withResolvers<void>();
  let asking = true;
  const timers = [setTimeout(enough.resolve, deadlineMs)];
  const asked = ([4, 6] as const).map(async (family) => {
    found[family] = (await question(resolver, name, family)).slice(0, MOST_ADDRESSES);
    if (found[family].length > 0 && asking) timers.push(setTimeout(enough.resolve, OTHER_FAMILY_MS));
  });
  try {
    const both = await Promise.race([Promise.allSettled(asked), enough.promise]);
    const answers = [...found[4], ...found[6]];
    if (answers.length === 0) throw both?.find((answer) => answer.status === 'rejected')?.reason ?? timedOut(name);
    return {
      addresses: answers.map(({ address, family }) => ({ address, family })),
      ttlMs: Math.min(...answers.map(({ ttl }) => ttl)) * 1_000,
    };
  } finally {
    asking = false;
    timers.forEach(clearTimeout);
  }
}

function question(resolver: Resolver, name: string, family: 4 | 6): Promise<Found[]> {
  return new Promise((resolve, reject) => {
    const answered = (error: Error | null, records: { address: string; ttl: number }[]) =>
      error === null ? resolve(records.map((record) => ({ ...record, family }))) : reject(error);
    if (family === 4) resolver.resolve4(name, { ttl: true }, answered);
    else resolver.resolve6(name, { ttl: true }, answered);
  });
}

function timedOut(name: string): Error {
  return Object.assign(new Error(`no name server answered for ${name}`), { code: 'ETIMEOUT' });
}
