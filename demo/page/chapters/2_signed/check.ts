// What this page itself finds out about a token's signature.
import { publicKeys, type Verdict, verify } from './crypto.ts';
import { decodeBytes, decodeJson, partsOf } from './forge.ts';

export const VERDICTS: Readonly<Record<Verdict, string>> = {
  matches: 'The signature matches',
  differs: 'The signature does not match',
  unsigned: 'Nobody has signed it',
  'unknown-key': 'The server shows no such key',
  'no-public-key': 'Cannot be checked here: the key is a secret of the server (HS256)',
};

export async function check(token: string): Promise<Verdict> {
  const { header, payload, signature } = partsOf(token);
  const keys = await publicKeys();
  return verify(decodeJson(header), `${header}.${payload}`, decodeBytes(signature), keys);
}
