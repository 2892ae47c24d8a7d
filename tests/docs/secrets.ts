/** What no default can stand for. */
export const SECRETS = {
  SECURITY_JWT_SECRET: 'Q7!kd92-mzPq0wLx5vBn3sTy8uRe1aGh',
  SECURITY_ENCRYPTION_KEY: Buffer.from(
    '0f1e2d3c4b5a69788796a5b4c3d2e1f00123456789abcdeffedcba9876543210',
    'hex',
  ).toString('base64'),
};
