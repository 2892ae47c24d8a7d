import { LOCAL_ADMIN_PASSWORD, type Settings } from './config.ts';
import type { Platform } from './platform.ts';

const DEADLINE_MS = 5_000;

/** Whether the local mode's first password still opens the door: asked at the door, since it may have been changed in any start. */
export async function isAdminPasswordKnown({ config, local }: Settings, platform: Platform): Promise<boolean> {
  if (!local) return false;
  const host = config.hookline.host === '::1' ? '[::1]' : config.hookline.host;
  try {
    const answer = await fetch(`http://${host}:${platform.gatewayPort}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password: LOCAL_ADMIN_PASSWORD }),
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}
