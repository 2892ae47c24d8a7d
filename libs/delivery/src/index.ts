export { createSender, type OutgoingRequest, type Sender, type SenderOptions, type Sending } from './sender.ts';
export { KEPT_BYTES, READ_BYTES } from './exchange.ts';
export { failedResult } from './failed-result.ts';
export { createBacklogs, type Weighed } from './backlogs.ts';
export { createPayload } from './payload.ts';
export {
  buildRequest,
  createDestination,
  isReserved,
  type Destination,
  type RequestParts,
  type SharedEvent,
} from './request.ts';
export {
  DEFAULT_LIMITS,
  type Engine,
  type EngineCounts,
  type EngineLimits,
  type EngineOwner,
  type Job,
} from './engine-interface.ts';
export { createEngine, type EngineDeps } from './engine.ts';
export type { Stop } from './rooms.ts';
