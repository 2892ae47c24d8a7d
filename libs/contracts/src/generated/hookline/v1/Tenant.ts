// Original file: proto/hookline/v1/access.proto


export interface Tenant {
  'id'?: (string);
  'createdAt'?: (string);
}

export interface Tenant__Output {
  'id': (string);
  'createdAt': (string);
}
