// The browser's own cryptography: checks a signature with the server's public key, and signs with a wrong one.

type Algorithm = 'ES256' | 'EdDSA' | 'RS256' | 'HS256';

interface Scheme {
  readonly key: EcKeyImportParams | HmacImportParams | RsaHashedImportParams | { name: 'Ed25519' };
  readonly sign: EcdsaParams | { name: string };
}

const SCHEMES: Readonly<Record<Algorithm, Scheme>> = {
  ES256: { key: { name: 'ECDSA', namedCurve: 'P-256' }, sign: { name: 'ECDSA', hash: 'SHA-256' } },
  EdDSA: { key: { name: 'Ed25519' }, sign: { name: 'Ed25519' } },
  RS256: {
    key: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    sign: { name: 'RSASSA-PKCS1-v1_5' },
  },
  HS256: { key: { name: 'HMAC', hash: 'SHA-256' }, sign: { name: 'HMAC' } },
};

export function algorithmOf(alg: unknown): Algorithm {
  return alg === 'EdDSA' || alg === 'RS256' || alg === 'HS256' ? alg : 'ES256';
}

interface Jwk extends JsonWebKey {
  readonly kid?: string;
}

/** The public keys that the server shows to everybody (RFC 7517); none under HS256. */
export async function publicKeys(): Promise<readonly Jwk[]> {
  const response = await fetch('/.well-known/jwks.json');
  if (!response.ok) return [];
  const set = (await response.json()) as { keys?: Jwk[] };
  return (set.keys ?? []).filter(({ kty }) => kty !== 'oct');
}

export type Verdict = 'matches' | 'differs' | 'unsigned' | 'unknown-key' | 'no-public-key';

/** Whether the signature is that of the text, by the key that the header names. */
export async function verify(
  header: Readonly<Record<string, unknown>>,
  text: string,
  signature: Uint8Array<ArrayBuffer>,
  keys: readonly Jwk[],
): Promise<Verdict> {
  if (signature.length === 0 || header['alg'] === 'none') return 'unsigned';
  if (keys.length === 0) return 'no-public-key';
  const jwk = keys.find(({ kid }) => kid === header['kid']);
  if (jwk === undefined) return 'unknown-key';
  // The algorithm is that of the key. What the header says is the writer's choice.
  const { key, sign } = SCHEMES[algorithmOf(jwk.alg)];
  const imported = await crypto.subtle.importKey('jwk', jwk, key, false, ['verify']);
  const bytes = new TextEncoder().encode(text);
  return (await crypto.subtle.verify(sign, imported, signature, bytes)) ? 'matches' : 'differs';
}

/** Signs with a new key of the same kind: a right signature by the wrong one. */
export async function signWith(algorithm: Algorithm, text: string): Promise<Uint8Array> {
  const { key, sign } = SCHEMES[algorithm];
  const rsa = { modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
  const params = algorithm === 'RS256' ? { ...key, ...rsa } : key;
  const made = await crypto.subtle.generateKey(params, false, ['sign', 'verify']);
  const signer = 'privateKey' in made ? made.privateKey : made;
  return new Uint8Array(await crypto.subtle.sign(sign, signer, new TextEncoder().encode(text)));
}
