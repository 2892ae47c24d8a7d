import { WEBHOOK_SERVICE, WebhookService, webhooksPackage } from '@hookline/contracts/grpc';
import { EVENT_LIMITS } from '@hookline/domain';
import { createAdmission, type TlsFiles } from '@hookline/service-kit';
import { serveGrpc, type GrpcServer } from '@hookline/service-kit/grpc';
import type { Upstream } from '../forward.ts';
import type { Accept } from '../stream/accept.ts';
import type { RegistryClient } from '../registry-client.ts';
import { createCalls, type CallsDependencies } from './calls.ts';
import { pushCalls } from './push-calls.ts';
import { statusCalls } from './status-calls.ts';
import { watchCalls } from './watch-calls.ts';
import { webhookCalls } from './webhook-calls.ts';

export interface GrpcApiDependencies extends CallsDependencies {
  registry: RegistryClient;
  ingestion: Upstream;
  observability: Upstream;
  accept: Accept;
}

/** What a message may have beside an event as large as one may be. */
const MAX_AROUND_EVENT_BYTES = 128 * 1024;
/** Events under way, and their bytes. */
const MAX_PUSHES = 4_096;
const MAX_PUSHED_BYTES = 64 * 1024 * 1024;

/** gRPC for services: proto/hookline/api/v1/webhooks.proto. @throws Conflict if the port is taken */
export async function listenApi(
  dependencies: GrpcApiDependencies,
  { host, port, tls }: { host: string; port: number; tls: TlsFiles | undefined },
): Promise<GrpcServer> {
  const { registry, log } = dependencies;
  const calls = createCalls(dependencies);
  const admission = createAdmission(MAX_PUSHES, MAX_PUSHED_BYTES);
  const handlers = {
    ...webhookCalls(registry, calls),
    ...pushCalls({ ...dependencies, admission }, calls),
    ...statusCalls(dependencies, calls),
    ...watchCalls(dependencies.accept, calls),
  };
  const { service: definition } = WebhookService;
  return serveGrpc([{ name: WEBHOOK_SERVICE, definition, handlers, package: webhooksPackage }], {
    host,
    port,
    setting: 'gateway.grpc_port',
    maxMessageBytes: EVENT_LIMITS.sizeBytes + MAX_AROUND_EVENT_BYTES,
    tls,
    log,
  });
}
