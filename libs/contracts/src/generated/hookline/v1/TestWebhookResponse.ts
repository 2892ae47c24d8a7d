// Original file: proto/hookline/v1/registry.proto


export interface _hookline_v1_TestWebhookResponse_Timings {
  'dnsMs'?: (number | string);
  'connectMs'?: (number | string);
  'tlsMs'?: (number | string);
  'firstByteMs'?: (number | string);
  '_dnsMs'?: "dnsMs";
  '_connectMs'?: "connectMs";
  '_tlsMs'?: "tlsMs";
  '_firstByteMs'?: "firstByteMs";
}

export interface _hookline_v1_TestWebhookResponse_Timings__Output {
  'dnsMs'?: (number);
  'connectMs'?: (number);
  'tlsMs'?: (number);
  'firstByteMs'?: (number);
}

export interface TestWebhookResponse {
  'eventId'?: (string);
  'eventType'?: (string);
  'eventData'?: (string);
  'matches'?: (boolean);
  'failure'?: (string);
  'status'?: (number);
  'error'?: (string);
  'durationMs'?: (number | string);
  'timings'?: (_hookline_v1_TestWebhookResponse_Timings | null);
  'requestHeaders'?: ({[key: string]: string});
  'responseHeaders'?: ({[key: string]: string});
  'responseBody'?: (string);
}

export interface TestWebhookResponse__Output {
  'eventId': (string);
  'eventType': (string);
  'eventData': (string);
  'matches': (boolean);
  'failure': (string);
  'status': (number);
  'error': (string);
  'durationMs': (number);
  'timings': (_hookline_v1_TestWebhookResponse_Timings__Output | null);
  'requestHeaders': ({[key: string]: string});
  'responseHeaders': ({[key: string]: string});
  'responseBody': (string);
}
