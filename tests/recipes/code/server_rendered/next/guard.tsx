'use client';

import { AuthGuard } from 'bearerkit/react';
import { type ReactNode, type SubmitEvent, useState } from 'react';

import { auth, signIn } from '../auth';

export function Guard({ children }: { children: ReactNode }): ReactNode {
  return (
    <AuthGuard auth={auth} signedOut={<SignIn />}>
      {children}
    </AuthGuard>
  );
}

function SignIn(): ReactNode {
  const [wrong, setWrong] = useState('');
  const submit = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    setWrong(await signIn(event.currentTarget));
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <input name="email" type="email" autoComplete="username" required />{' '}
      <input name="password" type="password" autoComplete="current-password" required />{' '}
      <button>Sign in</button> <output>{wrong}</output>
    </form>
  );
}
