import Encoder from 'kafkajs/src/protocol/encoder.js';
import type { Requests } from 'kafkajs/src/protocol/requests/index.js';

/** From now on the bodies of one kind of request, in these versions, are what `write` makes; null: as kafkajs writes it. */
export function writeRequests<Parameters>(
  requests: Requests<Parameters>,
  isOurs: (version: number) => boolean,
  write: (parameters: Parameters) => Buffer | null,
): void {
  const protocolOf = requests.protocol;
  requests.protocol = (asked) => {
    const make = protocolOf(asked);
    return (parameters) => {
      const protocol = make(parameters);
      const { encode, apiVersion } = protocol.request;
      if (!isOurs(apiVersion)) return protocol;
      protocol.request.encode = async () => {
        const bytes = write(parameters);
        return bytes === null ? encode() : asEncoder(bytes);
      };
      return protocol;
    };
  };
}

/** What is written already, as kafkajs takes it. Its constructor would make memory that nobody uses. */
function asEncoder(bytes: Buffer): Encoder {
  const encoder = Object.create(Encoder.prototype) as Encoder;
  encoder.buf = bytes;
  encoder.offset = bytes.length;
  return encoder;
}
