import type { AuthClient } from 'bearerkit';

type Auth = Pick<AuthClient, 'fetchWithAuth' | 'state'>;

export async function loadTodos(auth: Auth): Promise<string[]> {
  const response = await auth.fetchWithAuth('/todos');
  // A 401 while somebody is signed in means that the refresh has failed for now.
  const signedOut = response.status === 401 && auth.state === 'signed-out';
  if (signedOut) throw new Error('Sign in first');
  if (!response.ok) throw new Error('Try again later');
  return (await response.json()) as string[];
}
