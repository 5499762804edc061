// Ends every session that this page may have left somewhere: storages and cookies outlive a chapter.
import { createClient } from './client.ts';

const NAMES = ['demo', 'demo-tabs', 'demo-attacked'] as const;

export async function signOutAll(): Promise<void> {
  for (const keep of ['session', 'local'] as const) {
    for (const name of NAMES) {
      const auth = createClient(keep, { name: `${name}-${keep}` });
      await auth.ready();
      if (auth.state === 'signed-in') await auth.signOut();
      auth.close();
    }
  }
  // Whoever is signed in by a cookie, by which client ever.
  for (const url of ['/hybrid/logout', '/cookie/logout']) {
    await fetch(url, { method: 'POST', headers: { 'X-CSRF': '1' } });
  }
}
