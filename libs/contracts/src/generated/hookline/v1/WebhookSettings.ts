// Original file: proto/hookline/v1/registry.proto

import type { Delivery as _hookline_v1_Delivery, Delivery__Output as _hookline_v1_Delivery__Output } from '../../hookline/v1/Delivery.ts';
import type { Authorization as _hookline_v1_Authorization, Authorization__Output as _hookline_v1_Authorization__Output } from '../../hookline/v1/Authorization.ts';
import type { ClientCertificate as _hookline_v1_ClientCertificate, ClientCertificate__Output as _hookline_v1_ClientCertificate__Output } from '../../hookline/v1/ClientCertificate.ts';

export interface WebhookSettings {
  'url'?: (string);
  'eventTypes'?: (string)[];
  'headers'?: ({[key: string]: string});
  'policy'?: (string);
  'description'?: (string);
  'status'?: (string);
  'secret'?: (string);
  'uid'?: (string);
  'metadata'?: ({[key: string]: string});
  'delivery'?: (_hookline_v1_Delivery | null);
  'authorization'?: (_hookline_v1_Authorization | null);
  'clientCertificate'?: (_hookline_v1_ClientCertificate | null);
  'shortSecret'?: (boolean);
  '_policy'?: "policy";
  '_description'?: "description";
  '_status'?: "status";
  '_secret'?: "secret";
  '_uid'?: "uid";
  '_shortSecret'?: "shortSecret";
}

export interface WebhookSettings__Output {
  'url': (string);
  'eventTypes': (string)[];
  'headers': ({[key: string]: string});
  'policy'?: (string);
  'description'?: (string);
  'status'?: (string);
  'secret'?: (string);
  'uid'?: (string);
  'metadata': ({[key: string]: string});
  'delivery': (_hookline_v1_Delivery__Output | null);
  'authorization': (_hookline_v1_Authorization__Output | null);
  'clientCertificate': (_hookline_v1_ClientCertificate__Output | null);
  'shortSecret'?: (boolean);
}
