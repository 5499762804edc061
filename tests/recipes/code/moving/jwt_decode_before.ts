import { jwtDecode } from 'jwt-decode';

export function readToken(token: string): { name: string; keyId: string | undefined } {
  const { name } = jwtDecode<{ name: string }>(token);
  const { kid } = jwtDecode(token, { header: true });
  return { name, keyId: kid };
}

export function hasExpired(token: string): boolean {
  const { exp } = jwtDecode(token);
  return exp !== undefined && Date.now() >= exp * 1000;
}
