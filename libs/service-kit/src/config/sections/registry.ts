import { z } from 'zod';
import { port } from '../values.ts';

export const registrySection = z.strictObject({
  grpc_port: port(8081).describe('gRPC'),
  port: port(9081).describe('Health and metrics'),
});
