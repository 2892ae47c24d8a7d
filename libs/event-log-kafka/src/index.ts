export { createKafkaEventLog, type KafkaEventLogOptions } from './kafka-event-log.ts';
export type { Log } from './log.ts';
