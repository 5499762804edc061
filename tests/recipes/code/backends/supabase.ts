import { type AuthClient, createAuthClient, type RefreshFailure } from 'bearerkit';

/** Supabase without its library. `key` is the publishable (anon) one. */
export function supabase(project: string, key: string): AuthClient {
  return goTrue(`${project}/auth/v1`, { apikey: key });
}

/** GoTrue, which is Supabase Auth, alone: `server` is where its /token is. */
export function goTrue(server: string, headers: Record<string, string> = {}): AuthClient {
  return createAuthClient({
    refresh: {
      url: `${server}/token?grant_type=refresh_token`,
      dialect: 'json_snake',
      headers,
      classify: isOver,
    },
    signOut: { url: `${server}/logout`, sendAccessToken: true, headers },
    identify: ({ user }) => (user as { id: string } | undefined)?.id,
    // The database answers 401 to an expired token, but GoTrue's own /user answers 403.
    refused: async (response) =>
      response.status === 403 && (await response.text()).includes('"bad_jwt"'),
    origins: [new URL(server).origin],
  });
}

const ENDS = [
  'refresh_token_not_found',
  'refresh_token_already_used',
  'session_not_found',
  'session_expired',
  'user_banned',
];

// It refuses with 400 and a code of its own. A 409 says that another refresh is under way.
function isOver({ status, body }: RefreshFailure): 'terminal' | 'transient' | undefined {
  const { error_code, code } = (body ?? {}) as { error_code?: unknown; code?: unknown };
  if (ENDS.includes(String(error_code ?? code))) return 'terminal';
  return status === 409 ? 'transient' : undefined;
}
