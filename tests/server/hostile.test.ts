// What nobody means well by, as a table: each line is one request and the only answer it may get.
import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { test } from 'node:test';

import { onEachDatabase } from './support/databases.ts';
import { ADA, GRACE, jsonOf, logIn } from './support/requests.ts';
import { startServer } from './support/server.ts';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const FORM_TYPE = { 'Content-Type': 'application/x-www-form-urlencoded' };
const CSRF = { 'X-CSRF': '1', 'Sec-Fetch-Site': 'same-origin' };

type Line = readonly [
  request: string,
  headers: Record<string, string>,
  body: string | undefined,
  status: number,
];

const logins = (body: unknown, status: number): Line => [
  'POST /auth/login',
  JSON_TYPE,
  typeof body === 'string' ? body : JSON.stringify(body),
  status,
];
const form = (fields: Record<string, string>, status: number): Line => [
  'POST /oauth/token',
  FORM_TYPE,
  String(new URLSearchParams(fields)),
  status,
];
const PASSWORD = { grant_type: 'password', client_id: 'demo', username: ADA.email };

/** `ADMIN` stands for the header of an administrator. */
const LINES: readonly Line[] = [
  // NUL and what is no text, wherever it could reach the database.
  logins({ ...ADA, email: 'ada\0@example.com' }, 400),
  logins({ ...ADA, email: '\0' }, 400),
  logins({ ...ADA, email: `${ADA.email}\0` }, 400),
  logins({ ...ADA, email: 'ada@example.com\r\nX: y' }, 400),
  logins({ ...ADA, password: `${ADA.password}\0` }, 400),
  logins({ ...ADA, password: `${ADA.password}\0\0\0` }, 400),
  logins(`{"email":"\\ud800@example.com","password":"x"}`, 400),
  logins(`{"email":"${ADA.email}","password":"\\udfff"}`, 400),
  form({ ...PASSWORD, password: `${ADA.password}\0` }, 400),
  form({ ...PASSWORD, username: `\0${ADA.email}`, password: 'x' }, 400),
  form({ grant_type: 'refresh_token', client_id: 'demo', refresh_token: '\0' }, 400),
  ['POST /auth/refresh', JSON_TYPE, '{"refreshToken":"\\u0000"}', 401],
  ['POST /auth/logout', JSON_TYPE, '{"refreshToken":"\\u0000"}', 204],
  ['POST /oauth/revoke', FORM_TYPE, 'client_id=demo&token=%00', 200],
  ['POST /cookie/refresh', { ...CSRF, Cookie: '__Host-refresh=%00' }, undefined, 401],
  ['GET /api/me', { Cookie: '__Host-access=%00' }, undefined, 401],
  ['GET /api/me', { Cookie: '__Host-access=%E0%A4%A' }, undefined, 401],
  ['POST /admin/users/%00/ban', { ADMIN: '' }, undefined, 400],
  ['POST /admin/users/a%00b/unban', { ADMIN: '' }, undefined, 400],
  ['GET /demo/families/%00', {}, undefined, 400],
  ['GET /%00', {}, undefined, 400],
  ['POST /admin/users/%E0%A4%A/ban', { ADMIN: '' }, undefined, 400],
  ['POST /admin/users/%27%3B%20drop%20table%20users--/ban', { ADMIN: '' }, undefined, 404],

  // Bodies of the wrong shape, size and type.
  logins('', 400),
  logins('null', 400),
  logins('"text"', 400),
  logins('[]', 400),
  logins('{"email":', 400),
  logins({ email: ADA.email }, 400),
  logins({ ...ADA, password: ['x'] }, 400),
  logins({ ...ADA, email: { $ne: '' } }, 400),
  logins({ ...ADA, email: '' }, 400),
  logins({ ...ADA, email: 'x'.repeat(321) }, 400),
  logins({ ...ADA, password: 'x'.repeat(1025) }, 400),
  logins({ ...ADA, pad: 'x'.repeat(20_000) }, 413),
  logins(`{"__proto__":{"email":"${ADA.email}","password":"${ADA.password}"}}`, 400),
  logins(`${'['.repeat(7000)}${']'.repeat(7000)}`, 400),
  logins({ ...ADA, email: `' or 1=1 --` }, 401),
  ['POST /auth/login', { 'Content-Type': 'text/plain' }, JSON.stringify(ADA), 415],
  ['POST /auth/login', FORM_TYPE, 'email=a&password=b', 415],
  ['POST /auth/login', { 'Content-Type': 'application/json; charset=klingon' }, '{}', 415],
  ['POST /auth/login', { ...JSON_TYPE, 'Content-Encoding': 'zip' }, '{}', 415],
  ['POST /auth/login', { ...JSON_TYPE, 'Content-Encoding': 'gzip' }, 'no gzip', 400],
  ['POST /auth/logout', { 'Content-Type': 'text/xml' }, '<x/>', 415],
  ['POST /auth/refresh', { 'Content-Type': 'text/plain' }, '{}', 415],
  ['POST /oauth/token', { 'Content-Type': 'multipart/form-data; boundary=x' }, '--x--', 415],
  ['POST /oauth/revoke', JSON_TYPE, '{}', 415],
  ['POST /cookie/login', { ...CSRF, 'Content-Type': 'text/plain' }, JSON.stringify(ADA), 415],
  ['POST /demo/faults', { 'Content-Type': 'text/plain' }, '{}', 415],
  form({ grant_type: 'client_credentials', client_id: 'demo' }, 400),
  form({ grant_type: 'password' }, 400),

  // Methods that a path does not have.
  ['GET /auth/login', {}, undefined, 405],
  ['DELETE /auth/logout', {}, undefined, 405],
  ['PUT /auth/refresh', JSON_TYPE, '{}', 405],
  ['GET /oauth/token', {}, undefined, 405],
  ['GET /oauth/revoke', {}, undefined, 405],
  ['GET /cookie/login', {}, undefined, 405],
  ['GET /hybrid/refresh', {}, undefined, 405],
  ['POST /healthz', {}, undefined, 405],
  ['POST /.well-known/jwks.json', {}, undefined, 405],
  ['DELETE /api/me', { ADMIN: '' }, undefined, 405],
  ['GET /admin/users/x/ban', { ADMIN: '' }, undefined, 405],
  ['PROPFIND /auth/login', {}, undefined, 405],

  // Headers that ask for more than is theirs.
  ['GET /api/me', { Authorization: 'Bearer' }, undefined, 400],
  ['GET /api/me', { Authorization: `Bearer ${'a'.repeat(9000)}` }, undefined, 401],
  ['GET /api/me', { Authorization: 'Bearer a.b.c' }, undefined, 401],
  ['GET /api/me', { 'X-Original-URL': '/healthz' }, undefined, 401],
  ['GET /admin/users', { Authorization: 'Bearer e30.e30.' }, undefined, 401],
  ['POST /api/echo', { ADMIN: '', 'X-HTTP-Method-Override': 'DELETE' }, 'x', 200],
  ['GET /bearerkit/..%2f..%2fpackage.json', {}, undefined, 404],
  ['GET /..%5c..%5cetc/passwd', {}, undefined, 404],
  ['GET //evil.test/%2e%2e', {}, undefined, 404],
];

onEachDatabase('V6 hostile requests', (database) => {
  test(`V6 each of ${LINES.length} hostile requests gets its one answer, and never a 500`, async (t) => {
    const { origin } = await startServer(t, database());
    const { accessToken } = await logIn(origin, GRACE);
    for (const [line, given, body, status] of LINES) {
      const [method = '', path = ''] = line.split(/ (.*)/s);
      const { ADMIN, ...headers } = given;
      if (ADMIN !== undefined) headers['Authorization'] = `Bearer ${accessToken}`;
      const answer = await send(origin, method, path, headers, body);
      assert.equal(answer.status, status, `${line} ${(body ?? '').slice(0, 80)}`);
      if (status === 405) assert.match(answer.allow ?? '', /^[A-Z]+(, [A-Z]+)*$/, line);
      if (status >= 400) assert.match(answer.text, /^\{"error":"[a-z_]+"/, line);
    }
    await logIn(origin);
    assert.equal((await jsonOf(await fetch(`${origin}/healthz`)))['status'], 'ok');
  });
});

/** As it is: `fetch` would tidy up the path. */
function send(
  origin: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  body: string | undefined,
): Promise<{ status: number; allow: string | undefined; text: string }> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
    httpRequest(
      { hostname, port, method, path, headers: { ...headers, ...length } },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, allow: response.headers.allow, text }),
        );
      },
    )
      .on('error', reject)
      .end(body);
  });
}
