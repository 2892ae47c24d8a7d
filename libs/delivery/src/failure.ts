import type { FailureClass } from '@hookline/domain';

/** The class of an answer's status; null for 2xx. */
export function classifyStatus(status: number): FailureClass | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) return 'redirect';
  if (status === 410) return 'gone';
  if (status === 429) return 'throttled';
  return status < 500 ? 'client_error' : 'server_error';
}

const BY_CODE: Record<string, FailureClass> = {
  HL_BLOCKED: 'blocked',
  HL_TIMEOUT: 'timeout',
  HL_SHUTDOWN: 'shutdown',
  HL_DNS: 'dns',
  HL_TLS: 'tls',
  HL_PROXY: 'proxy',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'refused',
  ENETUNREACH: 'refused',
  EADDRNOTAVAIL: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ECONNABORTED: 'reset',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'reset',
  ETIMEDOUT: 'timeout',
  EPROTO: 'tls',
  EMFILE: 'resources',
  ENFILE: 'resources',
  ENOBUFS: 'resources',
  ENOMEM: 'resources',
};

const TLS_CODE = /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE))/;

/** The class of a request that got no answer. */
export function classifyError(error: NodeJS.ErrnoException): FailureClass {
  const code = error.code ?? '';
  const known = BY_CODE[code];
  if (known !== undefined) return known;
  if (TLS_CODE.test(code)) return 'tls';
  // Several addresses were tried: the first one's failure stands for all.
  if (error instanceof AggregateError && error.errors.length > 0) return classifyError(error.errors[0] as Error);
  return 'other';
}

/** One line for people. */
export function describeError(error: Error): string {
  const first: unknown = error instanceof AggregateError && error.message === '' ? error.errors[0] : error;
  return (first instanceof Error ? first.message : String(first)).split('\n', 1)[0]?.slice(0, 500) || 'unknown error';
}

export function shutdownError(): Error {
  return Object.assign(new Error('broken off at shutdown'), { code: 'HL_SHUTDOWN' });
}
