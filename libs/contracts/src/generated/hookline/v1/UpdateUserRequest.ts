// Original file: proto/hookline/v1/access.proto


export interface _hookline_v1_UpdateUserRequest_Scopes {
  'scopes'?: (string)[];
}

export interface _hookline_v1_UpdateUserRequest_Scopes__Output {
  'scopes': (string)[];
}

export interface UpdateUserRequest {
  'id'?: (string);
  'password'?: (string);
  'scopes'?: (_hookline_v1_UpdateUserRequest_Scopes | null);
}

export interface UpdateUserRequest__Output {
  'id': (string);
  'password': (string);
  'scopes': (_hookline_v1_UpdateUserRequest_Scopes__Output | null);
}
