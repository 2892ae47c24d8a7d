/** The six services as the platform runs them, in the order in which they start. */
export interface ServiceSpec {
  name: ServiceName;
  /** Of `/health`. */
  port: number;
  /** The environment's name of that port. */
  portVariable: string;
  /** Further ports of a copy, by their variable. */
  otherPorts: Record<string, number>;
}

export const SERVICE_NAMES = [
  'registry',
  'observability',
  'ingestion',
  'retry-manager',
  'dispatcher',
  'gateway',
] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

export const SERVICES: Record<ServiceName, ServiceSpec> = {
  registry: { name: 'registry', port: 9081, portVariable: 'REGISTRY_PORT', otherPorts: { REGISTRY_GRPC_PORT: 8081 } },
  observability: { name: 'observability', port: 8085, portVariable: 'OBSERVABILITY_PORT', otherPorts: {} },
  ingestion: { name: 'ingestion', port: 8082, portVariable: 'INGESTION_PORT', otherPorts: {} },
  'retry-manager': { name: 'retry-manager', port: 8084, portVariable: 'RETRY_MANAGER_PORT', otherPorts: {} },
  dispatcher: { name: 'dispatcher', port: 8083, portVariable: 'DISPATCHER_PORT', otherPorts: {} },
  gateway: { name: 'gateway', port: 8080, portVariable: 'GATEWAY_PORT', otherPorts: { GATEWAY_GRPC_PORT: 50051 } },
};
