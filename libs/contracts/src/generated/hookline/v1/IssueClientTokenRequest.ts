// Original file: proto/hookline/v1/access.proto


export interface IssueClientTokenRequest {
  'clientId'?: (string);
  'clientSecret'?: (string);
  'scope'?: (string);
}

export interface IssueClientTokenRequest__Output {
  'clientId': (string);
  'clientSecret': (string);
  'scope': (string);
}
