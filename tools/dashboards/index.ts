import { delivery } from './delivery.ts';
import { ingestion } from './ingestion.ts';
import { kafka } from './kafka.ts';
import { logs } from './logs.ts';
import { overview } from './overview.ts';
import { retries } from './retries.ts';
import { runtime } from './runtime.ts';

export const DASHBOARDS = [overview, ingestion, delivery, retries, kafka, runtime, logs];
