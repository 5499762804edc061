// The sessions at the server: families of tokens, rotated at each refresh (RFC 9700 §4.14.2).
import type { JwtPayload, Mode, OAuthTokenResponse } from '../types.ts';
import type { VirtualClock } from './clock.ts';
import { unsecuredJwt } from './tokens.ts';

interface Family {
  readonly claims: JwtPayload;
  ended: boolean;
  /** The refresh token that is good, the one before it, and when that was redeemed. */
  refreshToken: string;
  last: string;
  rotated: number;
  answer: OAuthTokenResponse;
}

interface AccessToken {
  readonly family: Family;
  readonly claims: JwtPayload & { exp: number };
  revoked: boolean;
}

/** Why a token is refused, in the words of a challenge. */
export type Refusal = 'no token' | 'unknown' | 'expired' | 'revoked';

export interface SessionSettings {
  readonly mode: Mode;
  readonly issuer: string;
  /** Seconds. */
  readonly expiresIn: number;
  /** Seconds. */
  readonly grace: number;
}

export class Sessions {
  /** In the cookie of the origin; empty: none. The page never sees it. */
  cookie = '';
  readonly #settings: SessionSettings;
  readonly #clock: VirtualClock;
  readonly #access = new Map<string, AccessToken>();
  readonly #families = new Map<string, Family>();
  #count = 0;

  constructor(settings: SessionSettings, clock: VirtualClock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  begin(claims: JwtPayload): OAuthTokenResponse {
    const family: Family = {
      claims,
      ...{ ended: false, refreshToken: '', last: '', rotated: -Infinity },
      answer: { access_token: '' },
    };
    return this.#issue(family);
  }

  /** Undefined: refused. */
  redeem(refreshToken: string): OAuthTokenResponse | undefined {
    const family = this.#families.get(refreshToken);
    if (family === undefined || family.ended) return undefined;
    if (refreshToken === family.refreshToken) return this.#issue(family);
    const isLate = this.#clock.now() - family.rotated >= this.#settings.grace * 1000;
    if (refreshToken === family.last && !isLate) {
      this.#setCookie(family);
      return family.answer;
    }
    // Somebody has it who should not.
    family.ended = true;
    return undefined;
  }

  /** The claims of a good access token, or why it is none. */
  check(token: string | null): JwtPayload | Refusal {
    if (token === null) return 'no token';
    const known = this.#access.get(token);
    if (known === undefined) return 'unknown';
    if (known.revoked || known.family.ended) return 'revoked';
    return this.#clock.now() < known.claims.exp * 1000 ? known.claims : 'expired';
  }

  /** The newest access token of the cookie's session: what stands for it in cookie mode. */
  accessTokenOfCookie(): string | null {
    return this.#families.get(this.cookie)?.answer.access_token ?? null;
  }

  /** When the newest good access token runs out, in milliseconds; undefined: there is none. */
  end(): number | undefined {
    const good = [...this.#access.keys()].filter((token) => typeof this.check(token) === 'object');
    const ends = good.map((token) => (this.#access.get(token)?.claims.exp ?? 0) * 1000);
    return ends.length > 0 ? Math.max(...ends) : undefined;
  }

  revokeAccess(): void {
    for (const token of this.#access.values()) token.revoked = true;
  }

  endFamily(refreshToken: string): void {
    const family = this.#families.get(refreshToken);
    if (family) family.ended = true;
  }

  endAll(): void {
    for (const family of this.#families.values()) family.ended = true;
  }

  #issue(family: Family): OAuthTokenResponse {
    const { expiresIn, issuer } = this.#settings;
    const number = ++this.#count;
    // Rounded up: it is good for as long as the answer says, and at most a second longer.
    const iat = Math.ceil(this.#clock.now() / 1000);
    const exp = iat + expiresIn;
    const claims = { iss: issuer, sub: 'user', ...family.claims, jti: String(number), iat, exp };
    const token = unsecuredJwt(claims);
    this.#access.set(token, { family, claims, revoked: false });
    family.last = family.refreshToken;
    family.rotated = this.#clock.now();
    family.refreshToken = `refresh-${number}`;
    this.#families.set(family.refreshToken, family);
    family.answer = {
      access_token: token,
      refresh_token: family.refreshToken,
      expires_in: expiresIn,
      token_type: 'Bearer',
    };
    this.#setCookie(family);
    return family.answer;
  }

  #setCookie(family: Family): void {
    if (this.#settings.mode !== 'bearer') this.cookie = family.refreshToken;
  }
}
