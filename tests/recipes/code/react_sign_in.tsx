import type { AuthClient } from 'bearerkit';
import { useAuth } from 'bearerkit/react';
import { type FormEvent, type ReactNode, useState } from 'react';

export function SignIn({ auth }: { auth: AuthClient }): ReactNode {
  const { reason } = useAuth(auth);
  const [said, say] = useState('');
  const signIn = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const body = JSON.stringify(Object.fromEntries(new FormData(event.currentTarget)));
    const headers = { 'Content-Type': 'application/json' };
    try {
      const login = await fetch('/auth/login', { method: 'POST', headers, body });
      if (login.ok) await auth.setTokens(await login.json());
      else say(login.status === 401 ? 'The email or the password is wrong.' : 'Try again later.');
    } catch {
      say('The network is gone. Try again.');
    }
  };
  return (
    <form onSubmit={(event) => void signIn(event)}>
      {reason !== null && reason !== 'signed_out' && <p>You were signed out.</p>}
      <input name="email" type="email" autoComplete="username" required />{' '}
      <input name="password" type="password" autoComplete="current-password" required />
      <button>Sign in</button> <output>{said}</output>
    </form>
  );
}
