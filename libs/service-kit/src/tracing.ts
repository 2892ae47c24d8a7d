import type { z } from 'zod';
import type { tracingSection } from './config/sections.ts';
import type { Log } from './log.ts';

/** What traces are made of: an event published (gateway), accepted (ingestion), each attempt of its deliveries (dispatcher). */
export type SpanName = 'event.publish' | 'event.accept' | 'delivery.attempt';

/** Never payloads, secrets or query strings. */
export type SpanAttributes = Record<string, string | number | boolean | undefined>;

export interface Span {
  /** W3C Trace Context, for whoever is called from within this span. */
  readonly traceparent: string;
  /** Once. @param failure the class of what went wrong, if something did */
  end(attributes: SpanAttributes, failure?: string | null): void;
}

/** Whether a span is recorded is decided before it is made: null, if not, and then `parent` is to be passed on as it is. */
export interface Tracer {
  /** Where events come in: continues the parent's trace if that is sampled; without a parent, begins a trace for the configured share. */
  begin(name: SpanName, parent: string | undefined): Span | null;
  /** Everywhere else: continues the parent's trace if that is sampled. */
  follow(name: SpanName, parent: string | undefined): Span | null;
}

export interface Tracing {
  /** @param service which part of this process the spans belong to */
  tracer(service: string): Tracer;
  /** Sends what is left, as far as that can be done until the deadline and within 3 s. Idempotent, never rejects. */
  close(deadlineAtMs: number): Promise<void>;
}

export const noTracer: Tracer = { begin: () => null, follow: () => null };

const OFF: Tracing = { tracer: () => noTracer, close: async () => undefined };

/** One per process. The SDK is loaded only where there is somebody to send spans to. @param name the process's */
export async function openTracing(name: string, config: z.infer<typeof tracingSection>, log: Log): Promise<Tracing> {
  const { endpoint, sample_ratio: sampleRatio } = config;
  if (endpoint === undefined) return OFF;
  const { startSdk } = await import('./tracing-sdk.ts');
  const sdk = startSdk({ name, endpoint, log });
  return {
    tracer: (service) => createTracer(sampleRatio, (span, parent) => sdk.startSpan(service, span, parent)),
    close: (deadlineAtMs) => sdk.close(deadlineAtMs),
  };
}

export interface Parent {
  traceId: string;
  spanId: string;
}

type StartSpan = (name: SpanName, parent: Parent | null) => Span | null;

export function createTracer(sampleRatio: number, startSpan: StartSpan, random: () => number = Math.random): Tracer {
  function follow(name: SpanName, parent: string | undefined): Span | null {
    const context = parseTraceparent(parent);
    return context?.sampled === true ? startSpan(name, context) : null;
  }
  return {
    follow,
    begin(name, parent) {
      if (parseTraceparent(parent) !== null) return follow(name, parent);
      return random() < sampleRatio ? startSpan(name, null) : null;
    },
  };
}

const TRACEPARENT_CHARS = 55;

/** For logs. @param traceparent as an event or a request has it */
export function traceIdOf(traceparent: string | string[] | undefined): string | undefined {
  if (typeof traceparent !== 'string' || traceparent.length !== TRACEPARENT_CHARS) return undefined;
  return traceparent.slice(3, 35);
}

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

function parseTraceparent(text: string | undefined): (Parent & { sampled: boolean }) | null {
  if (text === undefined) return null;
  const match = TRACEPARENT.exec(text);
  if (match === null) return null;
  const [, traceId, spanId, flags] = match as unknown as [string, string, string, string];
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}
