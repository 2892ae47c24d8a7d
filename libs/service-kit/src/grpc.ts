export * from './grpc-problem.ts';
export * from './grpc-server.ts';
export * from './grpc-status-details.ts';
