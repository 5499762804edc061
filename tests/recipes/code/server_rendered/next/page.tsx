'use client';

import { useAuth } from 'bearerkit/react';
import { type ReactNode, useEffect, useState } from 'react';

import { auth } from '../auth';

export default function Page(): ReactNode {
  const { claims } = useAuth(auth);
  const [said, say] = useState('');
  useEffect(() => void greeting().then(say), []);
  return (
    <main>
      <h1>{claims?.email}</h1>
      <p>{said}</p>
      <button onClick={() => void auth.signOut()}>Sign out</button>
    </main>
  );
}

async function greeting(): Promise<string> {
  const response = await auth.fetchWithAuth('/api/protected').catch(() => undefined);
  if (response?.ok !== true) return 'Try again later.';
  const { message } = (await response.json()) as { message: string };
  return message;
}
