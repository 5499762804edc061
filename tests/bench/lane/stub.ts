// A server that answers at once, without a network: what is left to measure is the wrapper's own cost.
import { makeToken } from './tokens.ts';

// A type, not an interface: what a server sends may have other members, too.
export type Tokens = Readonly<{ access_token: string; refresh_token: string; expires_in: number }>;

export interface Stub {
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  readonly refresh: () => Promise<Tokens>;
  /** From now on it refuses the token that it gave last. */
  readonly expire: () => void;
  /** Refreshes so far. */
  readonly refreshes: () => number;
}

const OK = new Response(null, { status: 200 });
const REFUSED = new Response(null, {
  status: 401,
  headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
});

/** `strict`: it looks at the token. Else it takes any, and costs nothing. */
export function makeStub(strict: boolean): Stub {
  let generation = 0;
  let good = '';
  const refresh = async (): Promise<Tokens> => {
    const access_token = makeToken({ bytes: 1000, serial: ++generation });
    good = `Bearer ${access_token}`;
    return { access_token, refresh_token: `refresh-${generation}`, expires_in: 900 };
  };
  return {
    fetch: strict
      ? async (input, init) => (authorizationOf(input, init) === good ? OK : REFUSED)
      : async () => OK,
    refresh,
    expire: () => {
      good = '';
    },
    refreshes: () => generation,
  };
}

function authorizationOf(input: string | URL | Request, init?: RequestInit): string | null {
  const headers = init?.headers ?? (input as Partial<Request>).headers;
  if (headers === undefined) return null;
  if (headers instanceof Headers) return headers.get('authorization');
  const { authorization, Authorization } = headers as Record<string, string>;
  return authorization ?? Authorization ?? null;
}
