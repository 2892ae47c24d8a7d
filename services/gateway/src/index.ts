export type { Extra } from './app.ts';
export { apiDocument } from './openapi/api-document.ts';
export { gatewayConfig, type GatewayConfig } from './config.ts';
export { createGateway, type GatewayDependencies, type GatewayService } from './service.ts';
