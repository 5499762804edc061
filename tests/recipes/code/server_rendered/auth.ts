import { createAuthClient, type TokenResponse } from 'bearerkit';

/** One for the page. On the server it asks nothing, and knows nobody. */
export const auth = createAuthClient<{ email: string }>({
  mode: 'hybrid', // the refresh token is in an HttpOnly cookie
  refresh: '/hybrid/refresh',
  signOut: '/hybrid/logout',
});

/** Says what was wrong; nothing when somebody is signed in. */
export async function signIn(form: HTMLFormElement): Promise<string> {
  const headers = { 'Content-Type': 'application/json', 'X-CSRF': '1' };
  const body = JSON.stringify(Object.fromEntries(new FormData(form)));
  try {
    const login = await fetch('/hybrid/login', { method: 'POST', headers, body });
    if (login.status === 401) return 'The email or the password is wrong.';
    if (!login.ok) return 'Try again later.';
    await auth.setTokens((await login.json()) as TokenResponse);
    return '';
  } catch {
    return 'The network is gone. Try again.';
  }
}
