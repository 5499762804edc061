import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';

import { rotateKeys } from '../../demo/server/key_ring.ts';
import { purgeExpired } from '../../demo/server/revocation.ts';
import { onEachDatabase } from './support/databases.ts';
import { callApi, logIn } from './support/requests.ts';
import { KEYS, startServer } from './support/server.ts';

async function jwksOf(origin: string): Promise<JSONWebKeySet> {
  const response = await fetch(`${origin}/.well-known/jwks.json`);
  assert.equal(response.status, 200);
  return (await response.json()) as JSONWebKeySet;
}

const kidOf = (token: string): unknown =>
  (JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: unknown })
    .kid;

onEachDatabase('V2 keys', (database) => {
  test('V2 anybody can verify an access token by the JWKS, which holds nothing secret', async (t) => {
    const { origin, now } = await startServer(t, database());
    const { accessToken } = await logIn(origin);
    const set = await jwksOf(origin);
    assert.ok(set.keys.length >= 1);
    for (const key of set.keys) {
      assert.deepEqual(Object.keys(key).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    }
    const { payload, protectedHeader } = await jwtVerify(accessToken, createLocalJWKSet(set), {
      currentDate: new Date(now()),
    });
    assert.equal(payload['email'], 'ada@example.com');
    assert.equal(protectedHeader.alg, 'ES256');
    assert.ok(set.keys.some(({ kid }) => kid === protectedHeader.kid));
  });

  test('V2 HS256 by a setting: its key is in no JWKS', async (t) => {
    const { origin } = await startServer(t, database(), { jwtAlgorithm: 'HS256' });
    const { accessToken } = await logIn(origin);
    assert.equal((await callApi(origin, accessToken)).status, 200);
    assert.deepEqual(await jwksOf(origin), { keys: [] });
  });

  test('V2 rotation: the new key is shown first, then signs, and the old one verifies on', async (t) => {
    const server = await startServer(t, database());
    const { origin } = server;
    const before = await logIn(origin);
    const kid = await rotateKeys(database(), KEYS.signingKeySeal, 'ES256', server.now(), false);
    server.advance(31);
    assert.ok((await jwksOf(origin)).keys.some((key) => key.kid === kid));
    assert.notEqual(kidOf((await logIn(origin)).accessToken), kid, 'it does not sign yet');
    server.advance(30);
    const after = await logIn(origin);
    assert.equal(kidOf(after.accessToken), kid);
    for (const { accessToken } of [before, after])
      assert.equal((await callApi(origin, accessToken)).status, 200);

    // Nothing that the old key signed lives any more.
    server.advance(86_400);
    const { keys } = await jwksOf(origin);
    assert.deepEqual(
      keys.map((key) => key.kid),
      [kid],
    );
    await purgeExpired(database(), server.now());
    const rows = await database().query(`select kid from signing_keys where algorithm = 'ES256'`);
    assert.deepEqual(rows, [{ kid }]);
  });

  test('V2 rotation at once: a stolen key opens nothing any more', async (t) => {
    const server = await startServer(t, database());
    const { accessToken } = await logIn(server.origin);
    await rotateKeys(database(), KEYS.signingKeySeal, 'ES256', server.now(), true);
    server.advance(31);
    const answer = await callApi(server.origin, accessToken);
    assert.equal(answer.status, 401);
    assert.match(answer.headers.get('WWW-Authenticate') ?? '', /The key is not known/);
    assert.equal(
      (await callApi(server.origin, (await logIn(server.origin)).accessToken)).status,
      200,
    );
  });

  test('V2 a process learns of a key by the first token that names it', async (t) => {
    const [one, other] = [await startServer(t, database()), await startServer(t, database())];
    const { accessToken } = await logIn(one.origin);
    assert.equal((await callApi(other.origin, accessToken)).status, 200);
    await rotateKeys(database(), KEYS.signingKeySeal, 'ES256', one.now(), true);
    one.advance(31);
    const anew = await logIn(one.origin);
    other.advance(2);
    assert.equal((await callApi(other.origin, anew.accessToken)).status, 200);
  });

  test('V2 the database alone holds no key: they are sealed', async (t) => {
    const { origin } = await startServer(t, database());
    await logIn(origin);
    const rows = await database().query<{ sealed: string }>(
      'select sealed_jwk as sealed from signing_keys',
    );
    for (const { sealed } of rows) {
      assert.match(sealed, /^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/, 'a JWE, encrypted directly');
    }
  });
});
