// Original file: proto/hookline/v1/access.proto

import type { Long } from '@grpc/proto-loader';

export interface Quotas {
  'webhooks'?: (number | string | Long);
  'eventsPerDay'?: (number | string | Long);
  'payloadBytes'?: (number | string | Long);
  '_webhooks'?: "webhooks";
  '_eventsPerDay'?: "eventsPerDay";
  '_payloadBytes'?: "payloadBytes";
}

export interface Quotas__Output {
  'webhooks'?: (number);
  'eventsPerDay'?: (number);
  'payloadBytes'?: (number);
}
