// Original file: proto/hookline/v1/registry.proto


export interface VerifyInboundResponse {
  'isSigned'?: (boolean);
  'isWanted'?: (boolean);
}

export interface VerifyInboundResponse__Output {
  'isSigned': (boolean);
  'isWanted': (boolean);
}
