// Original file: proto/hookline/api/v1/webhooks.proto

import type { Long } from '@grpc/proto-loader';

export interface RefusedEvent {
  'index'?: (number | string | Long);
  'eventId'?: (string);
  'code'?: (string);
  'message'?: (string);
  'field'?: (string);
}

export interface RefusedEvent__Output {
  'index': (number);
  'eventId': (string);
  'code': (string);
  'message': (string);
  'field': (string);
}
