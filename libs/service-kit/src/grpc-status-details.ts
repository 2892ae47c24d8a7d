/** The trailer in which clients' libraries look for a google.rpc.Status. */
export const STATUS_DETAILS_TRAILER = 'grpc-status-details-bin';

export interface StatusDetails {
  /** Of gRPC. */
  code: number;
  message: string;
  /** The problem's code, which clients decide by. */
  reason: string;
  violations: readonly { field: string; description: string }[];
  retryAfterSeconds?: number;
}

const DOMAIN = 'hookline.dev';

/**
 * A google.rpc.Status with ErrorInfo, BadRequest and RetryInfo, as protobuf. Written by hand: these are six messages of two fields each, which never change.
 * @see https://google.aip.dev/193
 */
export function encodeStatusDetails(status: StatusDetails): Buffer {
  const { violations, retryAfterSeconds } = status;
  const details = [any('ErrorInfo', text(1, status.reason), text(2, DOMAIN))];
  if (violations.length > 0) {
    const fields = violations.map(({ field, description }) => bytes(1, text(1, field), text(2, description)));
    details.push(any('BadRequest', ...fields));
  }
  if (retryAfterSeconds !== undefined) details.push(any('RetryInfo', bytes(1, number(1, retryAfterSeconds))));
  return Buffer.concat([number(1, status.code), text(2, status.message), ...details.map((detail) => bytes(3, detail))]);
}

function any(type: string, ...fields: Buffer[]): Buffer {
  return Buffer.concat([text(1, `type.googleapis.com/google.rpc.${type}`), bytes(2, ...fields)]);
}

const VARINT = 0;
const LENGTH_DELIMITED = 2;

function text(field: number, value: string): Buffer {
  return bytes(field, Buffer.from(value, 'utf8'));
}

function bytes(field: number, ...parts: Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  return Buffer.concat([varint((field << 3) | LENGTH_DELIMITED), varint(value.length), value]);
}

function number(field: number, value: number): Buffer {
  return Buffer.concat([varint((field << 3) | VARINT), varint(value)]);
}

/** Of a whole number that is not negative. */
function varint(value: number): Buffer {
  const groups: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) groups.push((rest % 0x80) | 0x80);
  return Buffer.from([...groups, rest]);
}
