// Original file: proto/hookline/v1/registry.proto


export interface VerifyInboundRequest {
  'id'?: (string);
  'eventType'?: (string);
  'body'?: (Buffer | Uint8Array | string);
  'signature'?: (string);
}

export interface VerifyInboundRequest__Output {
  'id': (string);
  'eventType': (string);
  'body': (Buffer);
  'signature': (string);
}
