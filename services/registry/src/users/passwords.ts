import { Unavailable } from '@hookline/domain';
import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import { promisify } from 'node:util';

/** Hashes of passwords: scrypt (RFC 7914), in PHC string format with the parameters in it, so that they can grow. */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** @param hash null, of a user who is not there: takes as long, and answers false */
  matches(password: string, hash: string | null): Promise<boolean>;
}

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** 16 MiB and about a fifth of a second: one of the settings of OWASP's password storage cheat sheet. */
const LOG2_N = 14;
const R = 8;
const P = 5;
const SALT_BYTES = 16;
const KEY_BYTES = 32;
/** A hash takes a thread of libuv's four, which DNS and files need too. */
const MAX_AT_ONCE = 2;
const MAX_WAITING = 32;

const NOBODYS = format(Buffer.alloc(SALT_BYTES), Buffer.alloc(KEY_BYTES));

export function createPasswords(): Passwords {
  let running = 0;
  const waiting: (() => void)[] = [];

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running >= MAX_AT_ONCE) {
      if (waiting.length >= MAX_WAITING) throw new Unavailable('Too many are logging in at the moment.');
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running++;
    }
    try {
      return await work();
    } finally {
      // The turn is handed on, or given back.
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  }

  return {
    hash(password) {
      return inTurn(async () => {
        const salt = randomBytes(SALT_BYTES);
        return format(salt, await key(password, salt, { log2N: LOG2_N, r: R, p: P }));
      });
    },
    matches(password, hash) {
      return inTurn(async () => {
        const { salt, expected, parameters } = parse(hash ?? NOBODYS);
        const same = timingSafeEqual(await key(password, salt, parameters), expected);
        return same && hash !== null;
      });
    },
  };
}

interface Parameters {
  log2N: number;
  r: number;
  p: number;
}

/** Two keyboards may type one letter as different code points (NFKC, as NIST SP 800-63B asks). */
function key(password: string, salt: Buffer, { log2N, r, p }: Parameters): Promise<Buffer> {
  const N = 2 ** log2N;
  return derive(password.normalize('NFKC'), salt, KEY_BYTES, { N, r, p, maxmem: 256 * N * r });
}

function format(salt: Buffer, hash: Buffer): string {
  return `$scrypt$ln=${LOG2_N},r=${R},p=${P}$${salt.toString('base64')}$${hash.toString('base64')}`;
}

const FORM = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+)$/;

function parse(text: string): { salt: Buffer; expected: Buffer; parameters: Parameters } {
  const [, log2N, r, p, salt, hash] = FORM.exec(text) ?? [];
  if (salt === undefined || hash === undefined) throw new Error('a password hash has an unknown form');
  return {
    salt: Buffer.from(salt, 'base64'),
    expected: Buffer.from(hash, 'base64'),
    parameters: { log2N: Number(log2N), r: Number(r), p: Number(p) },
  };
}
