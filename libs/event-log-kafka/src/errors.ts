const PERMANENT = new Set([
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'INVALID_GROUP_ID',
  'INVALID_SESSION_TIMEOUT',
  'INVALID_TOPIC_EXCEPTION',
  'UNSUPPORTED_SASL_MECHANISM',
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_VERSION',
]);

/** What trying again can't cure. Everything else (a broker away, a topic just made, a leader moved) is tried for ever. */
export function isPermanent(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause.name === 'KafkaJSSASLAuthenticationError' || cause.name === 'KafkaJSNotImplemented') return true;
    if (PERMANENT.has(String((cause as { type?: unknown }).type))) return true;
  }
  return false;
}

/** The store understood a request and refused it: asking again gives the same answer. */
export function isFinal(error: unknown): boolean {
  if (isPermanent(error)) return true;
  if (!(error instanceof Error)) return false;
  const { errors, retriable } = error as { errors?: unknown; retriable?: unknown };
  if (Array.isArray(errors)) return errors.some(isFinal);
  return error.name === 'KafkaJSProtocolError' && retriable === false;
}
