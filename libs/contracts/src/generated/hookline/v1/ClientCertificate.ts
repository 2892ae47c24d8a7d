// Original file: proto/hookline/v1/registry.proto


export interface ClientCertificate {
  'certificate'?: (string);
  'privateKey'?: (string);
}

export interface ClientCertificate__Output {
  'certificate': (string);
  'privateKey': (string);
}
