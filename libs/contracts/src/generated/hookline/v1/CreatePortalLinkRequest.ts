// Original file: proto/hookline/v1/access.proto

import type { Long } from '@grpc/proto-loader';

export interface CreatePortalLinkRequest {
  'tenant'?: (string);
  'sessionMs'?: (number | string | Long);
  '_sessionMs'?: "sessionMs";
}

export interface CreatePortalLinkRequest__Output {
  'tenant': (string);
  'sessionMs'?: (number);
}
