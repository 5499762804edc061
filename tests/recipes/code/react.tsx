import type { AuthClient } from 'bearerkit';
import { AuthGuard, useAuth } from 'bearerkit/react';
import type { ReactNode } from 'react';

import { SignIn } from './react_sign_in.tsx';

export function App({ auth }: { auth: AuthClient }): ReactNode {
  return (
    <AuthGuard auth={auth} signedOut={<SignIn auth={auth} />} restoring={null}>
      <Greeting auth={auth} />
    </AuthGuard>
  );
}

function Greeting({ auth }: { auth: AuthClient }): ReactNode {
  const { claims } = useAuth(auth); // { state, claims, reason }
  return (
    <p>
      Hello {claims?.sub} <button onClick={() => void auth.signOut()}>Sign out</button>
    </p>
  );
}
