// Original file: proto/hookline/v1/registry.proto

import type { EventType as _hookline_v1_EventType, EventType__Output as _hookline_v1_EventType__Output } from '../../hookline/v1/EventType.ts';
import type { Long } from '@grpc/proto-loader';

export interface PutEventTypeRequest {
  'eventType'?: (_hookline_v1_EventType | null);
  'create'?: (boolean);
  'ifVersion'?: (number | string | Long)[];
}

export interface PutEventTypeRequest__Output {
  'eventType': (_hookline_v1_EventType__Output | null);
  'create': (boolean);
  'ifVersion': (number)[];
}
