export { ingestionConfig, type IngestionConfig } from './config.ts';
export { createIngestion, type Ingestion, type IngestionDeps } from './service.ts';
