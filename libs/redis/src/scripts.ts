import { readFileSync } from 'node:fs';
import type { RedisConnection } from './connection.ts';

export type ScriptReply = Buffer | number | null | ScriptReply[];
/** Runs one Lua script: atomic, the same answer however often Redis forgets it. Strings in the answer are Buffers. */
export type RunScript = (keys: readonly string[], args: readonly (string | number | Buffer)[]) => Promise<ScriptReply>;

/** Scripts of a folder, by the names of their files (`claim` is `claim.lua`), each with the files `preludes` put before it. */
export function loadScripts<Name extends string>(
  connection: RedisConnection,
  folder: URL,
  names: readonly Name[],
  ...preludes: readonly string[]
): Record<Name, RunScript> {
  const read = (name: string) => readFileSync(new URL(`${name}.lua`, folder), 'utf8');
  const before = preludes.map(read).join('');
  const entries = names.map((name) => [name, defineScript(connection, name, before + read(name))]);
  return Object.fromEntries(entries) as Record<Name, RunScript>;
}

function defineScript(connection: RedisConnection, name: string, lua: string): RunScript {
  const command = `script:${name}`;
  connection.client.defineCommand(command, { lua });
  return (keys, args) =>
    connection.run((client) => {
      // defineCommand adds the method at run time, so its type can't know it.
      const call = Reflect.get(client, `${command}Buffer`) as (...args: unknown[]) => Promise<ScriptReply>;
      return call.call(client, keys.length, ...keys, ...args);
    });
}
