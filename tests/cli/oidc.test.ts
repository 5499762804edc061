// H2: an authorization server that was not made for bearerkit. What the doctor finds is true of it.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';

import {
  CLIENT_ID,
  type OidcServer,
  REDIRECT_URI,
  startOidcServer,
} from '../js/support/oidc_server.ts';
import { assertSecret, examine, faultsIn, temporaryFile } from './support/doctor.ts';

const PAGE = new URL(REDIRECT_URI).origin;
const LIFE = 600;

/** The token response of a sign-in by code and PKCE (RFC 7636). */
async function signIn(server: OidcServer): Promise<object> {
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const callback = await server.follow(server.authorizationUrl(challenge));
  const response = await fetch(server.endpoints.token, {
    method: 'POST',
    body: new URLSearchParams({
      client_id: CLIENT_ID,
      redirect_uri: REDIRECT_URI,
      grant_type: 'authorization_code',
      code: callback.searchParams.get('code') ?? '',
      code_verifier: verifier,
    }),
  });
  assert.equal(response.status, 200);
  return (await response.json()) as object;
}

const argsFor = ({ issuer }: OidcServer): string[] => [
  issuer.origin,
  '--api',
  '/me',
  '--refresh',
  '/token',
];

test('H2 oidc-provider: no grace window, and headers that pages cannot read', async (t) => {
  const server = await startOidcServer(t, LIFE);
  const tokens = await signIn(server);
  const file = temporaryFile(t, JSON.stringify(tokens));
  const more = ['--origin', PAGE, '--client-id', CLIENT_ID, '--tokens', file];
  const examination = await examine([...argsFor(server), ...more]);
  assertSecret(examination.stdout + examination.stderr, Object.values(tokens).map(String));
  assert.deepEqual(
    faultsIn(examination.findings),
    ['exposed: warning', 'grace: warning'],
    examination.stdout,
  );
  // Its access tokens are opaque, and nobody can log in by one request.
  assert.deepEqual(
    examination.notChecked.map(({ check }) => check),
    ['forged', 'secret', 'sign_out', 'overtaken'],
  );
  assert.equal(examination.code, 0);
});

test('H2 oidc-provider: without the client id, and from a page that it does not know', async (t) => {
  const server = await startOidcServer(t, LIFE);
  const args = [...argsFor(server), '--tokens', '-'];
  const input = JSON.stringify(await signIn(server));
  const nameless = await examine(args, { input });
  assert.deepEqual(faultsIn(nameless.findings), ['refusal: error', 'token_response: error']);

  const stranger = ['--client-id', CLIENT_ID, '--origin', 'https://other.example.com'];
  const foreign = await examine([...args, ...stranger], { input });
  assert.ok(faultsIn(foreign.findings).includes('readable: error'), foreign.stdout);
});
