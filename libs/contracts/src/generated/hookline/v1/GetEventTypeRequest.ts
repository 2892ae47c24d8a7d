// Original file: proto/hookline/v1/registry.proto


export interface GetEventTypeRequest {
  'name'?: (string);
}

export interface GetEventTypeRequest__Output {
  'name': (string);
}
