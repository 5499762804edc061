/**
 * What an app does with the package, wherever it runs: signs in, is refused, refreshes, signs out.
 * @param {import('bearerkit').AuthClient} auth
 * @param {Pick<typeof import('bearerkit'), 'decodeJwt' | 'ready'>} kit as the app has imported it
 * @param {string} api where the server is; empty: at the page's own origin
 */
export async function useApi(auth, { decodeJwt, ready }, api = '') {
  const login = await fetch(`${api}/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: 'ada@example.com', password: 'correct horse battery staple' }),
  });
  await auth.setTokens(await login.json());
  const first = await auth.fetchWithAuth(`${api}/api/protected`);
  const token = await auth.getAccessToken();
  await fetch(`${api}/oauth/revoke`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    // As text: React Native's fetch sends nothing of a URLSearchParams.
    body: new URLSearchParams({ token: token ?? '', client_id: 'demo' }).toString(),
  });
  // Refused by the server, refreshed, and sent again.
  const second = await auth.fetchWithAuth(`${api}/api/protected`);
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
