// H2: flaws of the refresh endpoint and of the sign-out that the doctor finds.
import { testFlaws } from './support/flawed.ts';

const HTML = '<!doctype html><title>Error</title>';

testFlaws([
  {
    name: 'HTML for a refused refresh',
    flaw: { refusal: { status: 401, body: HTML } },
    finds: ['refusal: error', 'used_token: error'],
  },
  {
    name: '403 for a refused refresh',
    flaw: { refusal: { status: 403, json: { error: 'forbidden' } } },
    finds: ['refusal: error', 'used_token: error'],
  },
  {
    name: '500 for a used refresh token',
    flaw: { usedRefusal: { status: 500, body: HTML } },
    finds: ['used_token: error'],
  },
  {
    name: 'a client that is not known',
    flaw: { refusal: { status: 400, json: { error: 'invalid_client' } } },
    finds: ['refusal: error', 'used_token: error'],
  },
  {
    name: 'a refresh endpoint that redirects',
    flaw: { redirects: ['/refresh'] },
    finds: ['redirects: error'],
  },
  {
    name: 'a login that fails',
    flaw: { redirects: ['/login'] },
    finds: ['redirects: error'],
  },
  {
    name: 'tokens that caches keep',
    flaw: { tokenHeaders: {} },
    finds: ['no_store: error', 'no_store: error'],
  },
  {
    name: 'a token type other than Bearer',
    flaw: { more: { tokenType: 'DPoP' } },
    finds: ['token_response: error'],
  },
  {
    name: 'an expires_in beyond exp',
    flaw: { expiresIn: 1800 },
    finds: ['lifetime: warning'],
  },
  {
    name: 'an access token that is over on arrival',
    flaw: { exp: -5 },
    finds: ['lifetime: error'],
  },
  {
    name: 'an access token for a day',
    flaw: { exp: 86_400, expiresIn: 86_400 },
    finds: ['lifetime: warning'],
  },
  {
    name: 'no end of the access token',
    flaw: { exp: undefined, expiresIn: undefined },
    finds: ['lifetime: warning'],
  },
  { name: 'no rotation', flaw: { rotates: false }, finds: ['rotation: error'] },
  {
    name: 'no rotation of the cookie',
    mode: 'hybrid',
    flaw: { rotates: false },
    finds: ['rotation: warning'],
  },
  { name: 'no grace window', flaw: { grace: false }, finds: ['grace: warning'] },
  {
    name: 'a grace window whose tokens are void',
    flaw: { goodSuccessor: false },
    finds: ['grace: error'],
  },
  { name: 'no reuse detection', flaw: { detectsReuse: false }, finds: ['reuse: error'] },
  {
    name: 'no reuse detection, and no grace window',
    flaw: { detectsReuse: false, grace: false },
    finds: ['grace: warning', 'reuse: error'],
  },
  {
    name: 'refresh tokens that work for ever',
    flaw: { forgetsUse: true },
    finds: ['reuse: error'],
  },

  // ---- the sign-out ----
  { name: 'a sign-out that does nothing', flaw: { signOut: 'none' }, finds: ['sign_out: error'] },
  {
    name: 'a sign-out that only takes the cookie away',
    mode: 'cookie',
    flaw: { signOut: 'none' },
    finds: ['sign_out: error'],
  },
  {
    name: 'a sign-out that is overtaken',
    flaw: { signOut: 'newest' },
    finds: ['overtaken: warning'],
  },
  {
    name: 'a sign-out that is overtaken, with the cookie back',
    mode: 'hybrid',
    flaw: { signOut: 'newest' },
    finds: ['overtaken: error'],
  },
]);
