// Original file: proto/hookline/api/v1/webhooks.proto


export interface WatchDeliveriesRequest {
  'webhooks'?: (string)[];
  'types'?: (string)[];
  'outcome'?: (string);
  'cursor'?: (string);
}

export interface WatchDeliveriesRequest__Output {
  'webhooks': (string)[];
  'types': (string)[];
  'outcome': (string);
  'cursor': (string);
}
