import { addressOf, schemeOf } from './address.ts';
import { LOCAL_ADMIN_PASSWORD, type Settings } from './config.ts';
import type { Platform } from './platform.ts';

const DEADLINE_MS = 5_000;

/**
 * Whether the local mode's first password still opens the door: asked at the door, since it may have been changed in any start.
 * Only a plain no counts as one: a warning too many does no harm.
 */
export async function isAdminPasswordKnown({ config, local }: Settings, platform: Platform): Promise<boolean> {
  if (!local) return false;
  try {
    const answer = await fetch(
      `${schemeOf(config.gateway)}://${addressOf(config.hookline.host)}:${platform.gatewayPort}/auth/login`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username: 'admin', password: LOCAL_ADMIN_PASSWORD }),
        signal: AbortSignal.timeout(DEADLINE_MS),
      },
    );
    await answer.body?.cancel();
    return answer.status !== 401;
  } catch {
    return true;
  }
}
