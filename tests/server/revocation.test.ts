import assert from 'node:assert/strict';
import { test } from 'node:test';

import { CompactSign, type CompactJWSHeaderParameters, generateKeyPair } from 'jose';

import { REFUSALS } from '../../demo/server/access_tokens.ts';
import { KeyRing } from '../../demo/server/key_ring.ts';
import { purgeExpired } from '../../demo/server/revocation.ts';
import { onEachDatabase } from './support/databases.ts';
import {
  ADA,
  assertRefused,
  callApi,
  claimsOf,
  GRACE,
  jsonOf,
  logIn,
  postForm,
  postJson,
  refreshed,
} from './support/requests.ts';
import { KEYS, startServer } from './support/server.ts';

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

type Key = Parameters<CompactSign['sign']>[0];

const SECRET = Buffer.from('another key, just as long as the real one');

function admin(
  origin: string,
  accessToken: string,
  id: string,
  action: 'ban' | 'unban',
): Promise<Response> {
  return postJson(
    `${origin}/admin/users/${id}/${action}`,
    {},
    { Authorization: `Bearer ${accessToken}` },
  );
}

onEachDatabase('V4 revocation', (database) => {
  test('V4 a banned user gets a 401 at the next request, and no way back in', async (t) => {
    const { origin } = await startServer(t, database());
    const ada = await logIn(origin);
    const id = String(claimsOf(ada.accessToken)['sub']);
    const grace = await logIn(origin, GRACE);
    assert.equal((await callApi(origin, ada.accessToken)).status, 200);

    assert.equal((await admin(origin, grace.accessToken, id, 'ban')).status, 204);
    const answer = await callApi(origin, ada.accessToken);
    assert.equal(answer.status, 401);
    assert.match(
      answer.headers.get('WWW-Authenticate') ?? '',
      /^Bearer realm="[^"]+", error="invalid_token"/,
    );
    await assertRefused(origin, ada.refreshToken);
    assert.equal((await postJson(`${origin}/auth/login`, ADA)).status, 401);
    assert.equal((await callApi(origin, grace.accessToken)).status, 200, 'others are not touched');

    assert.equal((await admin(origin, grace.accessToken, id, 'unban')).status, 204);
    const anew = await logIn(origin);
    assert.equal((await callApi(origin, anew.accessToken)).status, 200);
    assert.equal((await callApi(origin, ada.accessToken)).status, 401, 'what was revoked stays so');
    await assertRefused(origin, ada.refreshToken);
  });

  test('V4 only an administrator may ban: 403 insufficient_scope', async (t) => {
    const { origin } = await startServer(t, database());
    const ada = await logIn(origin);
    const id = String(claimsOf(ada.accessToken)['sub']);
    const response = await admin(origin, ada.accessToken, id, 'ban');
    assert.equal(response.status, 403);
    assert.match(response.headers.get('WWW-Authenticate') ?? '', /error="insufficient_scope"/);
    assert.equal((await postJson(`${origin}/admin/users/${id}/ban`, {})).status, 401);
    assert.equal((await callApi(origin, ada.accessToken)).status, 200);

    const grace = await logIn(origin, GRACE);
    assert.equal((await admin(origin, grace.accessToken, 'nobody', 'ban')).status, 404);
    assert.equal((await admin(origin, grace.accessToken, 'nobody', 'unban')).status, 404);
    const { users } = await jsonOf(await callApi(origin, grace.accessToken, '/admin/users'));
    assert.ok(Array.isArray(users) && users.length === 2);
  });

  test('V4 RFC 7009: an access token is revoked by itself, a refresh token with its session', async (t) => {
    const { origin } = await startServer(t, database());
    const revoke = async (token: string) =>
      (
        await postForm(`${origin}/oauth/revoke`, {
          client_id: 'demo',
          token,
          token_type_hint: 'nonsense',
        })
      ).status;
    const first = await logIn(origin);
    assert.equal(await revoke(first.accessToken), 200);
    assert.equal((await callApi(origin, first.accessToken)).status, 401);
    const second = await refreshed(origin, first.refreshToken);
    assert.equal((await callApi(origin, second.accessToken)).status, 200);

    assert.equal(await revoke(second.refreshToken), 200);
    assert.equal((await callApi(origin, second.accessToken)).status, 401);
    await assertRefused(origin, second.refreshToken);

    assert.equal(await revoke('never-was'), 200);
    assert.equal((await postForm(`${origin}/oauth/revoke`, { client_id: 'demo' })).status, 400);
    assert.equal(
      (await postForm(`${origin}/oauth/revoke`, { token: second.refreshToken })).status,
      400,
    );
  });

  test('V4 entries live as long as the tokens that they stop, and are then purged', async (t) => {
    const server = await startServer(t, database(), {
      accessTokenSeconds: 900,
      refreshTokenSeconds: 1000,
    });
    const { accessToken, refreshToken } = await logIn(server.origin);
    await postForm(`${server.origin}/oauth/revoke`, { client_id: 'demo', token: accessToken });
    await postJson(`${server.origin}/auth/logout`, { refreshToken });
    const { jti, sid, exp } = claimsOf(accessToken);
    const entries = () =>
      database().query<{ claim: string; expires: Date }>(
        'select claim, expires_at as expires from blocklist where value in ($1, $2) order by claim',
        [String(jti), String(sid)],
      );
    for (const { expires } of await entries()) assert.equal(expires.getTime(), Number(exp) * 1000);
    assert.deepEqual(
      (await entries()).map(({ claim }) => claim),
      ['jti', 'sid'],
    );

    await purgeExpired(database(), server.now() + 890_000);
    assert.equal((await entries()).length, 2);
    await purgeExpired(database(), server.now() + 900_000);
    assert.equal((await entries()).length, 0);
    const families = () =>
      database().query('select id from refresh_families where id = $1', [String(sid)]);
    assert.equal((await families()).length, 1);
    await purgeExpired(database(), server.now() + 1_000_000);
    assert.equal((await families()).length, 0);
  });

  test('V2 an access token is good until its exp and not after', async (t) => {
    const server = await startServer(t, database(), { accessTokenSeconds: 60 });
    const { accessToken } = await logIn(server.origin);
    server.advance(57);
    assert.equal((await callApi(server.origin, accessToken)).status, 200);
    server.advance(4);
    const answer = await callApi(server.origin, accessToken);
    assert.equal(answer.status, 401);
    assert.match(
      answer.headers.get('WWW-Authenticate') ?? '',
      /error="invalid_token", error_description="The token has expired"/,
    );
  });

  for (const algorithm of ['ES256', 'HS256'] as const) {
    test(`V2 forged access tokens are refused, each with its reason (${algorithm})`, async (t) => {
      const { origin } = await startServer(t, database(), { jwtAlgorithm: algorithm });
      const { accessToken } = await logIn(origin);
      const claims = claimsOf(accessToken);
      const ring = new KeyRing(database(), KEYS.signingKeySeal, algorithm, Date.now);
      const { kid, signWith } = await ring.signer();
      const header = { alg: algorithm, typ: 'JWT', kid };
      const other = algorithm === 'ES256' ? (await generateKeyPair('ES256')).privateKey : SECRET;
      const signed = (head: CompactJWSHeaderParameters, payload: object, key: Key = signWith) =>
        new CompactSign(Buffer.from(JSON.stringify(payload)))
          .setProtectedHeader(head)
          .sign(key, { crit: { x: true } });
      const [head = '', body = '', signature = ''] = accessToken.split('.');
      assert.equal(
        (await callApi(origin, await signed(header, claims))).status,
        200,
        'the forger is able',
      );
      const forgeries: Record<string, readonly [token: string, reason: string]> = {
        'alg none, no signature': [
          `${encode({ alg: 'none', typ: 'JWT' })}.${body}.`,
          REFUSALS.algorithm,
        ],
        'alg None with a signature': [
          `${encode({ alg: 'None', typ: 'JWT' })}.${body}.${signature}`,
          REFUSALS.algorithm,
        ],
        'the other algorithm, with the public key as its secret': [
          await signed(
            { ...header, alg: algorithm === 'ES256' ? 'HS256' : 'ES256' },
            claims,
            algorithm === 'ES256' ? SECRET : (await generateKeyPair('ES256')).privateKey,
          ),
          REFUSALS.algorithm,
        ],
        'another key': [await signed(header, claims, other), REFUSALS.signature],
        'a key that is not known': [
          await signed({ ...header, kid: 'nobody' }, claims, other),
          REFUSALS.key,
        ],
        'no kid': [await signed({ alg: algorithm, typ: 'JWT' }, claims), REFUSALS.key],
        'role changed': [
          `${head}.${encode({ ...claims, role: 'admin' })}.${signature}`,
          REFUSALS.signature,
        ],
        'another issuer': [await signed(header, { ...claims, iss: 'other' }), REFUSALS.claims],
        'another audience': [await signed(header, { ...claims, aud: 'other' }), REFUSALS.claims],
        'no exp': [await signed(header, { ...claims, exp: undefined }), REFUSALS.claims],
        'exp is a text': [await signed(header, { ...claims, exp: '9' }), REFUSALS.claims],
        'another type': [await signed({ ...header, typ: 'logout+jwt' }, claims), REFUSALS.claims],
        'unknown crit': [
          await signed({ ...header, crit: ['x'], x: 1 }, claims),
          REFUSALS.malformed,
        ],
        'a user who is not there': [
          await signed(header, { ...claims, sub: 'nobody' }),
          REFUSALS.revoked,
        ],
        expired: [await signed(header, { ...claims, exp: 1_000_000_000 }), REFUSALS.expired],
        'no JWT at all': ['opaque', REFUSALS.malformed],
      };
      for (const [name, [token, reason]] of Object.entries(forgeries)) {
        const answer = await callApi(origin, token);
        assert.equal(answer.status, 401, name);
        assert.equal(
          answer.headers.get('WWW-Authenticate'),
          `Bearer realm="bearerkit-demo", error="invalid_token", error_description="${reason}"`,
          name,
        );
      }
    });
  }

  test('V5 RFC 6750 §3: no token gets a challenge without error, a malformed header a 400', async (t) => {
    const { origin } = await startServer(t, database());
    const answer = await callApi(origin);
    assert.equal(answer.status, 401);
    assert.equal(answer.headers.get('WWW-Authenticate'), 'Bearer realm="bearerkit-demo"');
    const withHeader = (value: string) =>
      fetch(`${origin}/api/me`, { headers: { Authorization: value } });
    assert.equal(
      (await withHeader('Basic YTpi')).headers.get('WWW-Authenticate'),
      'Bearer realm="bearerkit-demo"',
    );
    for (const value of ['Bearer', 'Bearer a b', 'Bearer {}', 'Bearer a=b']) {
      const malformed = await withHeader(value);
      assert.equal(malformed.status, 400, value);
      assert.match(malformed.headers.get('WWW-Authenticate') ?? '', /error="invalid_request"/);
    }
    const { accessToken } = await logIn(origin);
    assert.equal(
      (await withHeader(`bEARER ${accessToken}`)).status,
      200,
      'the scheme in any letter case',
    );
  });
});
