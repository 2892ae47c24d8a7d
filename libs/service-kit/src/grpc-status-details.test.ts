import { fromJSON, type MessageTypeDefinition } from '@grpc/proto-loader';
import { expect, test } from '@jest/globals';
import { encodeStatusDetails } from './grpc-status-details.ts';

const string = (id: number) => ({ type: 'string', id });
const types = fromJSON(
  {
    nested: {
      Status: {
        fields: {
          code: { type: 'int32', id: 1 },
          message: string(2),
          details: { rule: 'repeated', type: 'Any', id: 3 },
        },
      },
      Any: { fields: { typeUrl: string(1), value: { type: 'bytes', id: 2 } } },
      ErrorInfo: { fields: { reason: string(1), domain: string(2) } },
      BadRequest: { fields: { fieldViolations: { rule: 'repeated', type: 'FieldViolation', id: 1 } } },
      FieldViolation: { fields: { field: string(1), description: string(2) } },
      RetryInfo: { fields: { retryDelay: { type: 'Duration', id: 1 } } },
      Duration: { fields: { seconds: { type: 'int64', id: 1 } } },
    },
  },
  { longs: Number },
);

function decode(type: string, bytes: Buffer): unknown {
  return (types[type] as MessageTypeDefinition<object, object>).deserialize(bytes);
}

interface Status {
  details: { typeUrl: string; value: Buffer }[];
}

function detailsOf(bytes: Buffer): unknown[] {
  return (decode('Status', bytes) as Status).details.map(({ typeUrl, value }) =>
    decode(typeUrl.replace('type.googleapis.com/google.rpc.', ''), value),
  );
}

test('is a google.rpc.Status as protobuf reads it', () => {
  const message = 'ü'.repeat(300);
  const violations = [
    { field: 'url', description: 'is required' },
    { field: 'event', description: 'x'.repeat(200) },
  ];
  const bytes = encodeStatusDetails({
    code: 3,
    message,
    reason: 'invalid_input',
    violations,
    retryAfterSeconds: 70_000,
  });
  expect(decode('Status', bytes)).toMatchObject({ code: 3, message });
  expect(detailsOf(bytes)).toEqual([
    { reason: 'invalid_input', domain: 'hookline.dev' },
    { fieldViolations: violations },
    { retryDelay: { seconds: 70_000 } },
  ]);
});

test('leaves out what there is nothing to say of', () => {
  const bytes = encodeStatusDetails({ code: 5, message: 'm', reason: 'not_found', violations: [] });
  expect(detailsOf(bytes)).toEqual([{ reason: 'not_found', domain: 'hookline.dev' }]);
});
