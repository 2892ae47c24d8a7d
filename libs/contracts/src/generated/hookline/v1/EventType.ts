// Original file: proto/hookline/v1/registry.proto

import type { Long } from '@grpc/proto-loader';

export interface EventType {
  'name'?: (string);
  'description'?: (string);
  'example'?: (string);
  'schema'?: (string);
  'onMismatch'?: (string);
  'createdAt'?: (string);
  'updatedAt'?: (string);
  'version'?: (number | string | Long);
  '_example'?: "example";
  '_schema'?: "schema";
}

export interface EventType__Output {
  'name': (string);
  'description': (string);
  'example'?: (string);
  'schema'?: (string);
  'onMismatch': (string);
  'createdAt': (string);
  'updatedAt': (string);
  'version': (number);
}
