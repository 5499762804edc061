// What tokens and token responses are made of.
import type { FINDINGS } from '#generated/abi';

import type { JwtErrorCode, TokenPart } from '../errors.ts';

/** The header of a JWT (RFC 7515 §4.1), as it was written by whoever made the token. */
export interface JwtHeader {
  /** The algorithm of the signature (RFC 7515 §4.1.1). Never acted on. */
  alg?: string;
  /** The media type of the token, such as `JWT` (RFC 7519 §5.1). */
  typ?: string;
  /** The media type of the content (RFC 7519 §5.2). */
  cty?: string;
  /** Names the key of the signature (RFC 7515 §4.1.4). */
  kid?: string;
  /** Extensions that must be understood (RFC 7515 §4.1.11). None is acted on; a finding. */
  crit?: string[];
  [name: string]: unknown;
}

/** The registered claims (RFC 7519 §4.1) and any others. Times are seconds since 1970. */
export interface JwtPayload {
  /** Who issued it (RFC 7519 §4.1.1). */
  iss?: string;
  /** Whom it is about: mostly the user's id (RFC 7519 §4.1.2). */
  sub?: string;
  /** Whom it is for (RFC 7519 §4.1.3). */
  aud?: string | string[];
  /** When it expires, in seconds (RFC 7519 §4.1.4). */
  exp?: number;
  /** From when on it may be accepted, in seconds (RFC 7519 §4.1.5). */
  nbf?: number;
  /** When it was issued, in seconds (RFC 7519 §4.1.6). */
  iat?: number;
  /** Its own id, by which a server can revoke it (RFC 7519 §4.1.7). */
  jti?: string;
  [name: string]: unknown;
}

/**
 * Something that a person who looks at a token should know of (RFC 8725 §3): `unsecured` (`alg: none`),
 * `missing_algorithm`, `critical_extension` (`crit`), `duplicate_header_member`, `duplicate_claim`,
 * `key_in_header` (`jwk`, `jku`, `x5u`, `x5c`), `missing_expiry`, `signature_mismatch`.
 */
export type JwtFinding = keyof typeof FINDINGS;

/** What `inspectJwt` tells. Nothing of it is verified. */
export type JwtInspection =
  | {
      /** It could be decoded. */
      ok: true;
      /** The decoded header. */
      header: JwtHeader;
      /** The decoded payload. */
      claims: JwtPayload;
      /** The three parts as they stand in the token. */
      parts: {
        /** Base64url. */
        header: string;
        /** Base64url. */
        payload: string;
        /** Base64url; empty for an unsecured token. */
        signature: string;
      };
      /** The time claims; null when absent, or beyond what a Date can hold. */
      times: {
        /** When it expires. */
        exp: Date | null;
        /** From when on it may be accepted. */
        nbf: Date | null;
        /** When it was issued. */
        iat: Date | null;
      };
      /** What is remarkable about it; empty for most tokens. */
      findings: JwtFinding[];
    }
  | {
      /** It could not be decoded. */
      ok: false;
      /** What is wrong, as a {@link JwtError} would say it. */
      error: {
        /** For programs. The last two are about the core, not the token. */
        code: JwtErrorCode | 'core_failed' | 'core_not_ready';
        /** The part that is broken; null when it is about none. */
        part: TokenPart | null;
        /** A byte of the part's text (`invalid_base64url`) or of its decoded bytes. */
        offset: number | null;
        /** One sentence on what is wrong and one on what to do; no part of the token. */
        message: string;
      };
    };

/**
 * A token response in the words of OAuth (RFC 6749 §5.1). `expires_in` is seconds. A member other
 * than the access token that cannot be used counts as absent (R4).
 */
export interface OAuthTokenResponse {
  /** Sent with requests: any visible ASCII (B3). Required, but in cookie mode. */
  access_token?: string;
  /** Redeemed for new tokens. Without one the session ends with its access token. */
  refresh_token?: string | null;
  /** The access token's life in seconds, from the receipt of the answer. */
  expires_in?: number | string | null;
  /** Where there is no `expires_in`: when it expires, in seconds since 1970 or as ISO 8601 with an offset. */
  expires_at?: number | string | null;
  /** `Bearer` in any letter case, or nothing (RFC 6750). */
  token_type?: string | null;
  [name: string]: unknown;
}

/**
 * A token response in the camelCase of many JSON APIs. `expiresIn` is seconds. A member other than
 * the access token that cannot be used counts as absent (R4).
 */
export interface JsonTokenResponse {
  /** Sent with requests: any visible ASCII (B3). Required, but in cookie mode. */
  accessToken?: string;
  /** Redeemed for new tokens. Without one the session ends with its access token. */
  refreshToken?: string | null;
  /** The access token's life in seconds, from the receipt of the answer. */
  expiresIn?: number | string | null;
  /** Where there is no `expiresIn`: when it expires, in seconds since 1970 or as ISO 8601 with an offset. */
  expiresAt?: number | string | null;
  /** `Bearer` in any letter case, or nothing (RFC 6750). */
  tokenType?: string | null;
  [name: string]: unknown;
}

/** Either dialect; which one is told by the names of the members (R3). */
export type TokenResponse = OAuthTokenResponse | JsonTokenResponse;
