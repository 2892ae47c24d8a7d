// The image's HEALTHCHECK: does the service answer at all? HEALTH_PORT is the port of its /health.
const port = process.env['HEALTH_PORT'];
const answer = await fetch(`http://127.0.0.1:${port}/health/live`, { signal: AbortSignal.timeout(3_000) }).catch(
  (error: Error) => error,
);
if (answer instanceof Response && answer.ok) process.exit(0);
console.error(answer instanceof Response ? `answered ${answer.status}` : String(answer));
process.exit(1);
