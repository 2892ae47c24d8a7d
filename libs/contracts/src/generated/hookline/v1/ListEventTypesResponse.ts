// Original file: proto/hookline/v1/registry.proto

import type { EventType as _hookline_v1_EventType, EventType__Output as _hookline_v1_EventType__Output } from '../../hookline/v1/EventType.ts';

export interface ListEventTypesResponse {
  'eventTypes'?: (_hookline_v1_EventType)[];
  'nextCursor'?: (string);
}

export interface ListEventTypesResponse__Output {
  'eventTypes': (_hookline_v1_EventType__Output)[];
  'nextCursor': (string);
}
