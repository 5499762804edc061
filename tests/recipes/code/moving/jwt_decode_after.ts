import { decodeJwt, decodeProtectedHeader, isExpired } from 'bearerkit/decode';

export function readToken(token: string): { name: string; keyId: string | undefined } {
  const { name } = decodeJwt<{ name: string }>(token);
  const { kid } = decodeProtectedHeader(token);
  return { name, keyId: kid };
}

export const hasExpired = (token: string): boolean => isExpired(token);
