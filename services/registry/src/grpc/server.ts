import {
  MAX_MESSAGE_BYTES,
  Registry,
  REGISTRY_SERVICE,
  registryPackage,
  type RegistryHandlers,
} from '@hookline/contracts/grpc';
import { serveGrpc, type GrpcServer } from '@hookline/service-kit/grpc';

/** @throws Conflict if the port is taken, InvalidInput if the address can't be used */
export async function listenGrpc(
  handlers: RegistryHandlers,
  at: { host: string; port: number; setting: string },
): Promise<GrpcServer> {
  const { service: definition } = Registry;
  const service = { name: REGISTRY_SERVICE, definition, handlers, package: registryPackage };
  return serveGrpc(service, { ...at, maxMessageBytes: MAX_MESSAGE_BYTES });
}
