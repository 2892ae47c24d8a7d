import type { TestWebhookMessage } from '@hookline/contracts/grpc';
import { sendJson } from '@hookline/service-kit';
import { readOptionalJson } from '../http/json-body.ts';
import type { Route } from '../http/route.ts';
import type { RegistryClient } from '../registry-client.ts';
import { testBody } from './webhook-body.ts';
import { WEBHOOK_DOCS } from './webhook-docs.ts';

/** Trying a webhook out. */
export function webhookTestRoutes(registry: RegistryClient): Route[] {
  return [
    {
      method: 'POST',
      path: '/api/v1/webhooks/{id}/test',
      access: 'webhooks:write',
      doc: WEBHOOK_DOCS.test,
      async handle({ request, response, id, passed }) {
        const { type = '', data } = await readOptionalJson(request, testBody);
        const sample = { id, type, ...(data === undefined ? {} : { data: JSON.stringify(data) }) };
        sendJson(response, 200, testedJson(await registry.testWebhook(sample, passed)), {
          'cache-control': 'no-store',
        });
      },
    },
  ];
}

/** Fields of the outcome are called as those of an attempt. */
function testedJson(tested: TestWebhookMessage) {
  const { failure, status, error, timings } = tested;
  const answered = status !== 0;
  return {
    event: { id: tested.eventId, type: tested.eventType, data: JSON.parse(tested.eventData) as unknown },
    matches: tested.matches,
    outcome: failure === '' ? 'succeeded' : 'failed',
    class: failure === '' ? null : failure,
    status: answered ? status : null,
    error: error === '' ? null : error,
    duration_ms: tested.durationMs,
    timings: {
      dns_ms: timings?.dnsMs ?? null,
      connect_ms: timings?.connectMs ?? null,
      tls_ms: timings?.tlsMs ?? null,
      first_byte_ms: timings?.firstByteMs ?? null,
      total_ms: tested.durationMs,
    },
    request_headers: tested.requestHeaders,
    response_headers: answered ? tested.responseHeaders : null,
    response_body: answered ? tested.responseBody : null,
  };
}
