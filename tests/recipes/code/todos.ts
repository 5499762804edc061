import type { AuthClient } from 'bearerkit';

export async function loadTodos(auth: AuthClient): Promise<string[]> {
  const response = await auth.fetchWithAuth('/todos');
  if (response.status === 401) throw new Error('Sign in first');
  if (!response.ok) throw new Error('Try again later');
  return (await response.json()) as string[];
}
