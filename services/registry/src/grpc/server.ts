import {
  Access,
  ACCESS_SERVICE,
  accessPackage,
  MAX_MESSAGE_BYTES,
  Registry,
  REGISTRY_SERVICE,
  registryPackage,
  type AccessHandlers,
  type RegistryHandlers,
} from '@hookline/contracts/grpc';
import { serveGrpc, type GrpcServer } from '@hookline/service-kit/grpc';

/** @throws Conflict if the port is taken, InvalidInput if the address can't be used */
export async function listenGrpc(
  { registry, access }: { registry: RegistryHandlers; access: AccessHandlers },
  at: { host: string; port: number; setting: string },
): Promise<GrpcServer> {
  const services = [
    { name: REGISTRY_SERVICE, definition: Registry.service, handlers: registry, package: registryPackage },
    { name: ACCESS_SERVICE, definition: Access.service, handlers: access, package: accessPackage },
  ];
  return serveGrpc(services, { ...at, maxMessageBytes: MAX_MESSAGE_BYTES });
}
