// Original file: proto/hookline/v1/registry.proto


export interface _hookline_v1_PublicKeys_PublicKey {
  'kid'?: (string);
  'x'?: (string);
}

export interface _hookline_v1_PublicKeys_PublicKey__Output {
  'kid': (string);
  'x': (string);
}

export interface PublicKeys {
  'keys'?: (_hookline_v1_PublicKeys_PublicKey)[];
}

export interface PublicKeys__Output {
  'keys': (_hookline_v1_PublicKeys_PublicKey__Output)[];
}
