import { spawn } from 'node:child_process';
import { Socket } from 'node:net';

/*
 * A guard is a tiny shell that waits at the end of a pipe which only this process holds. However this process ends
 * (return, exception, signal, kill -9) the pipe closes, and the guard clears up what it was given. It needs no handler
 * of ours to run, and it sits in a session of its own, out of reach of a Ctrl-C.
 */

const END_PROCESS = `
  read -r _
  kill -"$2" "$1" 2>/dev/null
  for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$1" 2>/dev/null || exit 0; sleep 0.2; done
  kill -KILL "$1" 2>/dev/null`;

// What is being killed at the same moment may still write for a while, so one pass isn't always enough.
const REMOVE_FOLDER = `
  read -r _
  for _ in 1 2 3 4 5 6 7 8 9 10; do rm -rf -- "$1" 2>/dev/null && sleep 0.3 && [ ! -e "$1" ] && exit 0; sleep 0.3; done`;

/** Ends process `pid` when this process ends: `signal` first, SIGKILL two seconds later. Returns the way to dismiss it. */
export function guardProcess(pid: number, signal: NodeJS.Signals): () => void {
  return startGuard(END_PROCESS, [String(pid), signal.replace('SIG', '')]);
}

/** Removes a folder when this process ends. Returns the way to dismiss it. */
export function guardFolder(folder: string): () => void {
  return startGuard(REMOVE_FOLDER, [folder]);
}

function startGuard(script: string, args: string[]): () => void {
  const guard = spawn('/bin/sh', ['-c', script, 'hookline-guard', ...args], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.on('error', () => {});
  guard.stdin.on('error', () => {});
  guard.unref();
  if (guard.stdin instanceof Socket) guard.stdin.unref();
  return () => {
    guard.kill('SIGKILL');
    guard.stdin.destroy();
  };
}
