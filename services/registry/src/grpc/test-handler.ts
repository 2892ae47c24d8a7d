import type { RegistryHandlers, TestWebhookMessage } from '@hookline/contracts/grpc';
import type { EventTypes } from '../event-types/event-types.ts';
import { checkSample, sampleType, STAND_IN, type createTestSend, type Tested } from '../webhooks/test-send.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import type { Authenticated } from './unary.ts';

export interface TestHandlerDependencies {
  webhooks: Webhooks;
  eventTypes: EventTypes;
  testSend: ReturnType<typeof createTestSend>;
  authenticated: Authenticated;
}

export function testHandler(dependencies: TestHandlerDependencies): Pick<RegistryHandlers, 'TestWebhook'> {
  const { webhooks, eventTypes, testSend, authenticated } = dependencies;
  return {
    TestWebhook: authenticated('TestWebhook', 'webhooks:write', async (request, { tenant }) => {
      checkSample(request);
      const webhook = await webhooks.get(tenant, request.id);
      const { secrets } = await webhooks.secrets(tenant, webhook.id);
      const type = request.type === '' ? sampleType(webhook) : request.type;
      const data = request.data ?? (await eventTypes.exampleOf(tenant, type)) ?? STAND_IN;
      return testedMessage(await testSend(webhook, secrets, { type, data }));
    }),
  };
}

function testedMessage({ event, matches, result }: Tested): TestWebhookMessage {
  return {
    eventId: event.id,
    eventType: event.type,
    eventData: event.data.toString('utf8'),
    matches,
    failure: result.failure ?? '',
    status: result.status ?? 0,
    error: result.error ?? '',
    durationMs: result.durationMs,
    timings: result.timings ?? {},
    requestHeaders: result.requestHeaders ?? {},
    responseHeaders: result.responseHeaders ?? {},
    responseBody: result.responseBody ?? '',
  };
}
