// The public exports of bearerkit, and nothing else.
export { createAuthClient } from './client.ts';
export {
  AuthError,
  JwtError,
  type AuthErrorCode,
  type AuthErrorDetails,
  type JwtErrorCode,
  type SignOutReason,
  type TokenPart,
} from './errors.ts';
export { decodeJwt, decodeProtectedHeader, inspectJwt, isExpired } from './jwt.ts';
export { ready } from './ready.ts';
export { memoryStorage } from './storage/memory.ts';
export { webStorage } from './storage/web.ts';
export type {
  AuthClient,
  AuthClientOptions,
  AuthEvent,
  AuthEventDetails,
  AuthEventListener,
  AuthEventType,
  AuthSnapshot,
  AuthState,
  CookieCsrf,
  CsrfFunction,
  Dialect,
  Fetch,
  JsonTokenResponse,
  JwtFinding,
  JwtHeader,
  JwtInspection,
  JwtPayload,
  Mode,
  OAuthTokenResponse,
  RefreshEndpoint,
  RefreshFailure,
  RefreshFunction,
  SignOutEndpoint,
  SignOutFunction,
  StaticCsrf,
  TimelineCause,
  TokenResponse,
  TokenStorage,
  WarningCode,
} from './types.ts';
