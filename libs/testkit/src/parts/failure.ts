/** What a failed system call or child process tells about itself; '' where it tells nothing. */
export function errorCode(error: unknown): string {
  return readText(error, 'code');
}

/** What a child process printed before it failed. */
export function printedBy(error: unknown): string {
  return `${readText(error, 'stdout')}\n${readText(error, 'stderr')}`.trim();
}

function readText(error: unknown, name: string): string {
  if (typeof error !== 'object' || error === null) return '';
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : '';
}
