// What an app does with the package, on a page of any bundler: signs in, is refused, refreshes.
import { createAuthClient, decodeJwt, ready, webStorage } from 'bearerkit';

const auth = createAuthClient({
  refresh: '/auth/refresh',
  signOut: '/auth/logout',
  storage: webStorage('local'),
});

async function run() {
  const login = await fetch('/auth/login', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: 'ada@example.com', password: 'correct horse battery staple' }),
  });
  await auth.setTokens(await login.json());
  const first = await auth.fetchWithAuth('/api/protected');
  const token = await auth.getAccessToken();
  await fetch('/oauth/revoke', {
    method: 'POST',
    body: new URLSearchParams({ token: token ?? '', client_id: 'demo' }),
  });
  // Refused by the server, refreshed, and sent again.
  const second = await auth.fetchWithAuth('/api/protected');
  const renewed = (await auth.getAccessToken()) !== token;
  await ready();
  const { sub } = decodeJwt(token ?? '');
  const result = {
    engine: auth.engine,
    statuses: [first.status, second.status],
    renewed,
    decoded: typeof sub,
    state: auth.state,
  };
  await auth.signOut();
  return { ...result, after: auth.state };
}

globalThis.result = run();
