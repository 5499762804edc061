// Tokens that decode: unsecured JWTs (RFC 7519 §6), which no real server takes.
import type { JwtPayload } from '../types.ts';

export function unsecuredJwt(claims: JwtPayload): string {
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`;
}

// By what is there without TextEncoder, too, as in Jest's jsdom.
function part(value: object): string {
  const bytes = encodeURIComponent(JSON.stringify(value)).replaceAll(
    /%([\dA-F]{2})/g,
    (_, digits: string) => String.fromCharCode(parseInt(digits, 16)),
  );
  return btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
