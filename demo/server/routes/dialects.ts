import type { Grant } from '../sessions.ts';

type Answer = Readonly<Record<string, string | number>>;

/** The names that most hand-made back ends use. */
export function jsonDialect({ accessToken, refreshToken, expiresIn }: Grant): Answer {
  return { accessToken, refreshToken, expiresIn };
}

/** The names of RFC 6749 §5.1. */
export function oauthDialect({ accessToken, refreshToken, expiresIn }: Grant): Answer {
  return {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: expiresIn,
    refresh_token: refreshToken,
  };
}
