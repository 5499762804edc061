// What tokens and token responses are made of.
import type { FINDINGS } from '#generated/abi';

import type { JwtErrorCode, TokenPart } from '../jwt_error.ts';

/** The header of a JWT (RFC 7515 §4.1), as the maker of the token wrote it. */
export interface JwtHeader {
  /** The algorithm of the signature (RFC 7515 §4.1.1). Never acted on. */
  alg?: string;
  /** The media type of the token, such as `JWT` (RFC 7519 §5.1). */
  typ?: string;
  /** The media type of the content (RFC 7519 §5.2). */
  cty?: string;
  /** The id of the signature's key (RFC 7515 §4.1.4). */
  kid?: string;
  /** Extensions that a verifier must understand (RFC 7515 §4.1.11). A finding. Never acted on. */
  crit?: string[];
  [name: string]: unknown;
}

/** The registered claims (RFC 7519 §4.1) and any others. Times are seconds since 1970. */
export interface JwtPayload {
  /** Who issued it (RFC 7519 §4.1.1). */
  iss?: string;
  /** The subject, mostly the user's id (RFC 7519 §4.1.2). */
  sub?: string;
  /** The audience: who may accept it (RFC 7519 §4.1.3). */
  aud?: string | string[];
  /** When it expires, in seconds (RFC 7519 §4.1.4). */
  exp?: number;
  /** When it becomes valid, in seconds (RFC 7519 §4.1.5). */
  nbf?: number;
  /** When it was issued, in seconds (RFC 7519 §4.1.6). */
  iat?: number;
  /** Its own id. A server can use it to revoke the token (RFC 7519 §4.1.7). */
  jti?: string;
  [name: string]: unknown;
}

/**
 * Something that a person should know about a token (RFC 8725 §3): `unsecured` (`alg: none`),
 * `missing_algorithm`, `critical_extension` (`crit`), `duplicate_header_member`, `duplicate_claim`,
 * `key_in_header` (`jwk`, `jku`, `x5u`, `x5c`), `missing_expiry`, `signature_mismatch`.
 */
export type JwtFinding = keyof typeof FINDINGS;

/** The result of `inspectJwt`. Nothing in it is verified. */
export type JwtInspection =
  | {
      /** The token was decoded. */
      ok: true;
      /** The decoded header. */
      header: JwtHeader;
      /** The decoded payload. */
      claims: JwtPayload;
      /** The three parts, still encoded. */
      parts: {
        /** Base64url. */
        header: string;
        /** Base64url. */
        payload: string;
        /** Base64url; empty for an unsecured token. */
        signature: string;
      };
      /** The time claims; null if absent, or if a Date cannot hold them. */
      times: {
        /** When it expires. */
        exp: Date | null;
        /** When it becomes valid. */
        nbf: Date | null;
        /** When it was issued. */
        iat: Date | null;
      };
      /** The findings; empty for most tokens. */
      findings: JwtFinding[];
    }
  | {
      /** The token was not decoded. */
      ok: false;
      /** What is wrong, the same as in a {@link JwtError}. */
      error: {
        /** For programs. The last two are about the core, not the token. */
        code: JwtErrorCode | 'core_failed' | 'core_not_ready';
        /** The broken part; null if the error is about no part. */
        part: TokenPart | null;
        /** Where: a byte in the part's text (`invalid_base64url`) or in its decoded bytes. */
        offset: number | null;
        /** One sentence on what is wrong and one on what to do; no part of the token. */
        message: string;
      };
    };

/**
 * A token response with OAuth names (RFC 6749 §5.1). A member that cannot be used counts as absent, except
 * the access token. It may have any other members: declare a type for them, or keep them in a variable.
 */
export interface OAuthTokenResponse {
  /** Sent with requests. Any visible ASCII is allowed. */
  access_token: string;
  /** Redeemed for new tokens. Without one the session ends with its access token. */
  refresh_token?: string | null;
  /** The access token's life in seconds, counted from the receipt of the answer. */
  expires_in?: number | string | null;
  /** Where there is no `expires_in`: when it expires, in seconds since 1970 or as ISO 8601 with an offset. */
  expires_at?: number | string | null;
  /** `Bearer` in any letter case, or nothing (RFC 6750). */
  token_type?: string | null;
  /** The scope of the access token (RFC 6749 §3.3). Not looked at. */
  scope?: string | null;
  /** Of OpenID Connect (Core §3.1.3.3). Not looked at. */
  id_token?: string | null;
}

/**
 * A token response in the camelCase of many JSON APIs. A member that cannot be used counts as absent,
 * except the access token. It may have any other members, as {@link OAuthTokenResponse}.
 */
export interface JsonTokenResponse {
  /** Sent with requests. Any visible ASCII is allowed. */
  accessToken: string;
  /** Redeemed for new tokens. Without one the session ends with its access token. */
  refreshToken?: string | null;
  /** The access token's life in seconds, counted from the receipt of the answer. */
  expiresIn?: number | string | null;
  /** Where there is no `expiresIn`: when it expires, in seconds since 1970 or as ISO 8601 with an offset. */
  expiresAt?: number | string | null;
  /** `Bearer` in any letter case, or nothing (RFC 6750). */
  tokenType?: string | null;
}

/** In cookie mode: the tokens stay in cookies, and the answer says at most how long they live. */
export type CookieTokenResponse = Partial<
  Pick<OAuthTokenResponse, 'expires_in' | 'expires_at'> &
    Pick<JsonTokenResponse, 'expiresIn' | 'expiresAt'>
> & {
  /** None. */
  access_token?: never;
  /** None. */
  accessToken?: never;
};

/** Either dialect. The names of the members decide which one ([R3](../../docs/RULES.md#r3)). */
export type TokenResponse = OAuthTokenResponse | JsonTokenResponse | CookieTokenResponse;
