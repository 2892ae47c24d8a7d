import { opensPublicEvents } from '@hookline/service-kit';
import { addressOf, schemeOf } from './address.ts';
import { LOCAL_ADMIN_PASSWORD, type Settings } from './config.ts';
import type { Platform } from './platform.ts';

const WHERE: Record<string, (settings: Settings) => string> = {
  embedded: ({ config }) => `embedded, data in ${config.hookline.data}`,
  postgres: () => 'PostgreSQL',
  full: () => 'Kafka, Redis and PostgreSQL',
};

/** What somebody who just started the platform wants to know: where it is, how to get in, what to type. */
export function welcome(settings: Settings, platform: Platform, passwordIsKnown: boolean): string {
  const { config, local } = settings;
  const { host } = config.hookline;
  const at = (listener: Parameters<typeof schemeOf>[0], port: number) =>
    `${schemeOf(listener)}://${addressOf(host)}:${port}`;
  const api = at(config.gateway, platform.gatewayPort);
  const lines = [
    '',
    `Hookline runs (${WHERE[platform.mode]?.(settings) ?? platform.mode}).`,
    '',
    `  API      ${api}        docs ${api}/docs, health ${api}/health, metrics ${api}/metrics`,
    `  Events   ${at(config.ingestion, platform.ingestionPort)}/events   (${opensPublicEvents(config) ? 'without a token, into the default tenant' : 'closed: ingestion.public_events'})`,
    `  gRPC     ${addressOf(host)}:${platform.grpcPort}`,
  ];
  if (platform.dialectPort !== 0) {
    lines.push(
      `  Others   http://${addressOf(host)}:${platform.dialectPort}   (the addresses of other systems, without a token; docs/dialects.md)`,
    );
  }
  if (local)
    lines.push(`  Receiver ${api}/_receiver/{ok,slow,fail,flaky,gone}   (to try things out; GET shows what came)`);
  if (!passwordIsKnown) lines.push('  Login    admin, with the password that was set');
  else {
    lines.push(
      `  Login    admin / ${LOCAL_ADMIN_PASSWORD}`,
      '',
      '  Warning: that password is known to everybody; only this machine can reach Hookline now. Change it before you let others in:',
      `  curl -sw '\\n' ${api}/auth/password -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' -d '{"current_password":"${LOCAL_ADMIN_PASSWORD}","new_password":"..."}'`,
    );
  }
  if (local)
    lines.push(
      '',
      'Try it: log in, create a webhook, publish an event, see its delivery:',
      '',
      ...tryIt(api, passwordIsKnown),
    );
  lines.push('', 'Ctrl-C stops it.', '');
  return lines.join('\n');
}

function tryIt(api: string, passwordIsKnown: boolean): string[] {
  const json = `-H "authorization: Bearer $TOKEN" -H 'content-type: application/json'`;
  const password = passwordIsKnown ? LOCAL_ADMIN_PASSWORD : 'YOUR PASSWORD';
  return [
    `TOKEN=$(curl -s ${api}/auth/login -H 'content-type: application/json' -d '{"username":"admin","password":"${password}"}' | sed 's/.*"token":"\\([^"]*\\).*/\\1/')`,
    `curl -sw '\\n' ${api}/api/v1/webhooks ${json} -d '{"url":"${api}/_receiver/ok","event_types":["order.*"]}'`,
    `curl -sw '\\n' ${api}/api/v1/events ${json} -d '{"id":"order-1","type":"order.created","source":"shop","data":{"total":19.90}}'`,
    `curl -sw '\\n' ${api}/api/v1/events/order-1 -H "authorization: Bearer $TOKEN"`,
  ];
}
