export { createSender, type OutgoingRequest, type Sender, type SenderOptions, type Sending } from './sender.ts';
export { KEPT_BYTES, READ_BYTES } from './exchange.ts';
export {
  buildBody,
  buildRequest,
  createDestination,
  isReserved,
  type Destination,
  type RequestParts,
} from './request.ts';
