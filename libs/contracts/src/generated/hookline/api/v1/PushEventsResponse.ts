// Original file: proto/hookline/api/v1/webhooks.proto

import type { RefusedEvent as _hookline_api_v1_RefusedEvent, RefusedEvent__Output as _hookline_api_v1_RefusedEvent__Output } from '../../../hookline/api/v1/RefusedEvent.ts';
import type { Long } from '@grpc/proto-loader';

export interface PushEventsResponse {
  'accepted'?: (number | string | Long);
  'duplicates'?: (number | string | Long);
  'refused'?: (number | string | Long);
  'refusals'?: (_hookline_api_v1_RefusedEvent)[];
}

export interface PushEventsResponse__Output {
  'accepted': (number);
  'duplicates': (number);
  'refused': (number);
  'refusals': (_hookline_api_v1_RefusedEvent__Output)[];
}
