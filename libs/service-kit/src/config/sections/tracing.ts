import { z } from 'zod';
import { decimal, optionalUrl } from '../values.ts';

/** Where traces go, and how many. */
export const tracingSection = z
  .strictObject({
    endpoint: optionalUrl(/^https?$/, 'http://localhost:4318').describe(
      'Base URL of an OpenTelemetry receiver (OTLP over HTTP), `http://localhost:4318`. Without it nothing is traced',
    ),
    sample_ratio: decimal(0.01, 0, 1).describe(
      'The share of events that are traced, of those that came without a `traceparent`; with one, its sampled flag decides',
    ),
  })
  .describe(
    "Gateway, ingestion and dispatcher make the spans. The SDK also reads OpenTelemetry's own variables, such as `OTEL_EXPORTER_OTLP_HEADERS` for a receiver that wants a token.",
  );
