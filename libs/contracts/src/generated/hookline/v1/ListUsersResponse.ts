// Original file: proto/hookline/v1/access.proto

import type { User as _hookline_v1_User, User__Output as _hookline_v1_User__Output } from '../../hookline/v1/User.ts';

export interface ListUsersResponse {
  'users'?: (_hookline_v1_User)[];
  'nextCursor'?: (string);
}

export interface ListUsersResponse__Output {
  'users': (_hookline_v1_User__Output)[];
  'nextCursor': (string);
}
