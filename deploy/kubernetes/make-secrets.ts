// Runs as a Job in the cluster (k8s/03-secrets.yaml): makes the Secret that the services and the trial stores read, each value drawn anew, and leaves one that is there as it is.
// Its account may create Secrets and nothing else. The API server's certificate is trusted by NODE_EXTRA_CA_CERTS in the manifest.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
const DEADLINE_MS = 10_000;

const token = readFileSync(`${ACCOUNT}/token`, 'utf8').trim();
const namespace = readFileSync(`${ACCOUNT}/namespace`, 'utf8').trim();
const postgresPassword = randomBytes(24).toString('hex');
const redisPassword = randomBytes(24).toString('hex');

const secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'hookline-secrets', labels: { 'app.kubernetes.io/part-of': 'hookline' } },
  type: 'Opaque',
  stringData: {
    POSTGRES_PASSWORD: postgresPassword,
    REDIS_PASSWORD: redisPassword,
    DATABASE_URL: `postgres://hookline:${postgresPassword}@postgres:5432/hookline`,
    REDIS_URL: `redis://:${redisPassword}@redis:6379`,
    SECURITY_JWT_SECRET: randomBytes(48).toString('base64'),
    SECURITY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    SECURITY_ADMIN_PASSWORD: randomBytes(16).toString('hex'),
  },
};

const answer = await fetch(`https://kubernetes.default.svc/api/v1/namespaces/${namespace}/secrets`, {
  method: 'POST',
  headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  body: JSON.stringify(secret),
  signal: AbortSignal.timeout(DEADLINE_MS),
});

if (answer.status === 201) console.log('Made the Secret hookline-secrets.');
else if (answer.status === 409) console.log('The Secret hookline-secrets is there already and stays as it is.');
else {
  // The answer of a refusal names the account and the verb, no value.
  console.error(`make-secrets: the API server answered ${answer.status}: ${await answer.text()}`);
  process.exit(1);
}
