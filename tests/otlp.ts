import type { Receiver } from '@hookline/testkit';

/** As OTLP/HTTP has it in JSON, as far as it is looked at here. */
interface ExportRequest {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: { scope: { name: string }; spans: OtlpSpan[] }[];
  }[];
}

interface Attribute {
  key: string;
  value: { stringValue?: string; intValue?: number; boolValue?: boolean };
}

interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  attributes: Attribute[];
  status: { code: number };
}

function valuesOf(attributes: Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

/** Every span that a receiver of traces was sent, with whose it is. */
export function spansOf(collector: Receiver) {
  return collector.requests.flatMap(({ body }) =>
    (JSON.parse(body.toString()) as ExportRequest).resourceSpans.flatMap(({ resource, scopeSpans }) =>
      scopeSpans.flatMap(({ scope, spans }) =>
        spans.map(({ attributes, status, ...span }) => ({
          ...span,
          process: valuesOf(resource.attributes)['service.name'],
          service: scope.name,
          values: valuesOf(attributes),
          failed: status.code === 2,
        })),
      ),
    ),
  );
}
