import { HIDDEN, isSecretHeader, SIGNATURE_HEADERS } from '@hookline/domain';

/** What of a failed attempt's headers is kept. */
export const KEPT_HEADERS = 32;
export const KEPT_HEADER_BYTES = 4 * 1024;

type ReceivedHeaders = Record<string, string | string[] | undefined>;

const CONNECTIONS_OWN = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** An answer's headers, to be shown: bounded, and without what concerns the connection alone. */
export function keptHeaders(received: ReceivedHeaders): Record<string, string> {
  const kept = new Map<string, string>();
  let bytes = 0;
  for (const [name, values] of Object.entries(received)) {
    if (values === undefined || CONNECTIONS_OWN.has(name)) continue;
    const value = isSecretHeader(name) ? HIDDEN : clean(Array.isArray(values) ? values.join(', ') : values);
    bytes += name.length + value.length;
    if (kept.size === KEPT_HEADERS || bytes > KEPT_HEADER_BYTES) break;
    kept.set(name, value);
  }
  return Object.fromEntries(kept);
}

/** A request's headers, to be shown: what proves who we are is hidden; a signature proves nothing beyond its request. */
export function shownHeaders(sent: readonly string[]): Record<string, string> {
  const shown = new Map<string, string>();
  for (let at = 0; at < sent.length; at += 2) {
    const name = (sent[at] as string).toLowerCase();
    shown.set(name, isSecretHeader(name) && !SIGNATURES.has(name) ? HIDDEN : (sent[at + 1] as string));
  }
  return Object.fromEntries(shown);
}

const SIGNATURES = new Set<string>(SIGNATURE_HEADERS);

/** PostgreSQL takes no NUL in a text. */
function clean(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text;
}
