// Original file: proto/hookline/v1/registry.proto

import type { RateLimit as _hookline_v1_RateLimit, RateLimit__Output as _hookline_v1_RateLimit__Output } from '../../hookline/v1/RateLimit.ts';
import type { Long } from '@grpc/proto-loader';

export interface Delivery {
  'filter'?: (string);
  'retryScheduleMs'?: (number | string | Long)[];
  'maxRetries'?: (number);
  'maxAgeMs'?: (number | string | Long);
  'ttlMs'?: (number | string | Long);
  'timeoutMs'?: (number | string | Long);
  'rateLimit'?: (_hookline_v1_RateLimit | null);
  'maxInFlight'?: (number);
  'orderBy'?: (string);
  'payload'?: (string);
  'compression'?: (string);
  'signatures'?: (string)[];
  'caBundle'?: (string);
  'requestOrigin'?: (string);
  '_filter'?: "filter";
  '_maxRetries'?: "maxRetries";
  '_maxAgeMs'?: "maxAgeMs";
  '_ttlMs'?: "ttlMs";
  '_timeoutMs'?: "timeoutMs";
  '_maxInFlight'?: "maxInFlight";
  '_orderBy'?: "orderBy";
  '_payload'?: "payload";
  '_compression'?: "compression";
  '_caBundle'?: "caBundle";
  '_requestOrigin'?: "requestOrigin";
}

export interface Delivery__Output {
  'filter'?: (string);
  'retryScheduleMs': (number)[];
  'maxRetries'?: (number);
  'maxAgeMs'?: (number);
  'ttlMs'?: (number);
  'timeoutMs'?: (number);
  'rateLimit': (_hookline_v1_RateLimit__Output | null);
  'maxInFlight'?: (number);
  'orderBy'?: (string);
  'payload'?: (string);
  'compression'?: (string);
  'signatures': (string)[];
  'caBundle'?: (string);
  'requestOrigin'?: (string);
}
