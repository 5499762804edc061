// An administrator, for the chapters that ban somebody.
import { ACCOUNTS, DEMO_PASSWORD } from './accounts.ts';
import { createClient, logIn } from './client.ts';

export interface Admin {
  /** Bans the demo's user: no sign-in, no refresh, and every session ended. */
  ban(): Promise<void>;
  unban(): Promise<void>;
  /** Signs out; with `unban` before, also where the page is being left. */
  close(): Promise<void>;
}

export async function signInAsAdmin(): Promise<Admin> {
  const auth = createClient('memory', { name: 'demo-admin' });
  await auth.setTokens(await logIn('memory', ACCOUNTS.grace.email, DEMO_PASSWORD));
  const id = await idOfUser(auth.fetchWithAuth);
  const order = async (what: 'ban' | 'unban'): Promise<void> => {
    const init = { method: 'POST', keepalive: true };
    const response = await auth.fetchWithAuth(`/admin/users/${id}/${what}`, init);
    if (!response.ok) throw new Error(`The server answered ${response.status} to the admin.`);
  };
  return {
    ban: () => order('ban'),
    unban: () => order('unban'),
    close: async () => {
      await auth.signOut();
      auth.close();
    },
  };
}

async function idOfUser(fetchWithAuth: (url: string) => Promise<Response>): Promise<string> {
  const response = await fetchWithAuth('/admin/users');
  const { users } = (await response.json()) as { users: { id: string; email: string }[] };
  const user = users.find(({ email }) => email === ACCOUNTS.ada.email);
  if (user === undefined) throw new Error('The server has no demo user.');
  return user.id;
}
