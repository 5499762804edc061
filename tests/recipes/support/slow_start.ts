// A page of hybrid mode that is reloaded, with a refresh that takes its time (C5).
import type { TestContext } from 'node:test';

import { type AuthClient, createAuthClient } from 'bearerkit';

import { Jar, startCookieServer } from '../../js/support/cookies.ts';
import { MapStorage } from '../../js/support/storages.ts';
import type { Gate } from '../../js/support/wait.ts';

/** A client whose quiet refresh waits at the gate. The user has a cookie, or none. */
export async function reloadSlowly(
  t: TestContext,
  signedIn: boolean,
): Promise<{ auth: AuthClient; gate: Gate }> {
  const server = await startCookieServer(t, 'hybrid');
  const jar = new Jar();
  if (signedIn) await server.logIn(jar);
  const gate = server.hold('/refresh');
  const auth = createAuthClient({
    mode: 'hybrid',
    refresh: server.url('/refresh'),
    origins: [server.origin],
    fetch: jar.fetch,
    storage: new MapStorage(),
    presume: () => true,
  });
  t.after(() => {
    gate.open();
    auth.close();
  });
  return { auth, gate };
}
