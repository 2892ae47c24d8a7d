import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { NodeSDK, type NodeSDKConfiguration } from '@opentelemetry/sdk-node';
import type { Log } from './log.ts';
import type { Parent, Span, SpanName } from './tracing.ts';
import { within } from './within.ts';

type SpanExporter = NodeSDKConfiguration['traceExporter'];

/** One batch, with its repetitions. */
const EXPORT_DEADLINE_MS = 3_000;
const WARN_EVERY_MS = 60_000;

const KINDS: Record<SpanName, SpanKind> = {
  'event.publish': SpanKind.SERVER,
  'event.accept': SpanKind.SERVER,
  'delivery.attempt': SpanKind.CLIENT,
};

export interface SdkOptions {
  name: string;
  /** Base URL of an OTLP/HTTP receiver. */
  endpoint: string;
  log: Log;
}

/**
 * The OpenTelemetry SDK with nothing but traces: no instrumentations, metrics, logs or detected resources. Its queue holds 2,048 spans and drops
 * what is beyond, so a receiver that is away costs a warning per minute and nothing else.
 */
export function startSdk({ name, endpoint, log }: SdkOptions) {
  const sdk = new NodeSDK({
    serviceName: name,
    autoDetectResources: false,
    textMapPropagator: null,
    instrumentations: [],
    metricReaders: [],
    logRecordProcessors: [],
    traceExporter: createExporter(endpoint, log),
  });
  sdk.start();
  let closing: Promise<void> | undefined;

  function startSpan(service: string, span: SpanName, parent: Parent | null): Span | null {
    const options = { kind: KINDS[span], root: parent === null };
    const above =
      parent === null
        ? ROOT_CONTEXT
        : trace.setSpanContext(ROOT_CONTEXT, { ...parent, traceFlags: TraceFlags.SAMPLED, isRemote: true });
    const started = trace.getTracer(service).startSpan(span, options, above);
    // OpenTelemetry's own variables can switch the SDK off.
    if (!started.isRecording()) return null;
    const { traceId, spanId } = started.spanContext();
    return {
      traceparent: `00-${traceId}-${spanId}-01`,
      end(attributes, failure = null) {
        started.setAttributes(attributes);
        if (failure !== null) started.setAttribute('error.type', failure).setStatus({ code: SpanStatusCode.ERROR });
        started.end();
      },
    };
  }

  async function stop(deadlineAtMs: number): Promise<void> {
    const leftMs = Math.min(EXPORT_DEADLINE_MS, deadlineAtMs - Date.now());
    // What went wrong has been told by the exporter.
    await within(leftMs, 'the receiver of traces', sdk.shutdown()).catch(() => undefined);
    trace.disable();
    context.disable();
  }

  return {
    startSpan,
    close(deadlineAtMs: number): Promise<void> {
      closing ??= stop(deadlineAtMs);
      return closing;
    },
  };
}

/** The library's exporter keeps its failures to itself. */
function createExporter(endpoint: string, log: Log): SpanExporter {
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    timeoutMillis: EXPORT_DEADLINE_MS,
    // A batch every few seconds; nothing is left open at the end.
    keepAlive: false,
  });
  let warnedAtMs = -Infinity;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        if (result.error !== undefined && performance.now() - warnedAtMs > WARN_EVERY_MS) {
          warnedAtMs = performance.now();
          log.warn({ error: result.error.message, spans: spans.length }, 'traces.lost');
        }
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush(),
  };
}
