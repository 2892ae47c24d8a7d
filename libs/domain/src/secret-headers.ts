/** Stands for a value that is not shown. */
export const HIDDEN = '***';

const SECRET = /auth|token|key|secret|cookie|password|credential|signature/;

/** By its name, in lower case: such a header's value is stored encrypted and not shown again. */
export function isSecretHeader(name: string): boolean {
  return SECRET.test(name);
}
