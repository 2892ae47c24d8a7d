// Original file: proto/hookline/v1/access.proto


export interface User {
  'id'?: (string);
  'tenant'?: (string);
  'username'?: (string);
  'scopes'?: (string)[];
  'createdAt'?: (string);
}

export interface User__Output {
  'id': (string);
  'tenant': (string);
  'username': (string);
  'scopes': (string)[];
  'createdAt': (string);
}
