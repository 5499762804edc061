import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { openEmbedded } from '../../demo/server/database.ts';
import { migrate } from '../../demo/server/schema.ts';
import { readSettings, SettingsError } from '../../demo/server/settings.ts';
import { createDemoAccounts, DEMO_PASSWORD } from '../../demo/server/users.ts';
import { runToEnd, startProcess, temporaryFolder } from './support/process.ts';
import { ADA, callApi, jsonOf, logIn, postJson, refreshed } from './support/requests.ts';

function dataDir(t: TestContext): string {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  return folder;
}

test('V1 settings: the defaults', () => {
  const settings = readSettings({}, '/project');
  assert.equal(settings.host, 'localhost');
  assert.equal(settings.port, 8080);
  assert.equal(settings.databaseUrl, undefined);
  assert.equal(settings.dataDir, '/project/.data');
  assert.equal(settings.accessTokenSeconds, 900);
  assert.equal(settings.refreshTokenSeconds, 604_800);
  assert.equal(settings.refreshGraceSeconds, 10);
  assert.equal(settings.loginAttemptsPerMinute, 10);
  assert.deepEqual(settings.corsOrigins, []);
  assert.equal(settings.sessionSeconds, 2_592_000);
  assert.equal(settings.demo, false, 'it has to be asked for');
  assert.equal(readSettings({ DEMO: 'on' }, '/project').demo, true);
  assert.equal(readSettings({ REFRESH_GRACE_SECONDS: '0' }, '/project').refreshGraceSeconds, 0);
  assert.equal(readSettings({ PORT: '' }, '/project').port, 8080, 'empty is not set');
});

test('V1 settings: a bad value is refused with its name and without its value', () => {
  const canary = 'canary7f3a9b2c';
  const bad: Record<string, readonly string[]> = {
    PORT: ['65536', '-1', '80a', '1e3', '0x50', ' 80', '8.5', canary],
    DATABASE_URL: [`mysql://user:${canary}@host/db`, canary],
    JWT_SECRET: ['', canary],
    ACCESS_TOKEN_SECONDS: ['0', '-5', '86401', 'ten'],
    REFRESH_TOKEN_SECONDS: ['0', '1.5'],
    REFRESH_GRACE_SECONDS: ['-1', '3601', 'none'],
    LOGIN_ATTEMPTS_PER_MINUTE: ['0'],
    CORS_ORIGINS: [
      '*',
      'https://app.example.com/',
      'app.example.com',
      'https://a.test,,https://b.test',
      'null',
    ],
    CONNECT_ORIGINS: ["'unsafe-inline'", 'https://a.test; script-src *'],
    TRUST_PROXY: ['true'],
    ACCESS_LOG: ['yes'],
    ALLOW_WASM: ['yes'],
    DEMO: ['true'],
    SESSION_SECONDS: ['0'],
    HASHES_AT_ONCE: ['0'],
    HASHES_WAITING: ['-1'],
    REQUEST_SECONDS: ['0'],
    JWT_ALGORITHM: ['none', 'RS256'],
  };
  for (const [name, values] of Object.entries(bad)) {
    for (const value of values) {
      assert.throws(
        () => readSettings({ [name]: value }, '/project'),
        (error: unknown) => {
          assert.ok(error instanceof SettingsError);
          assert.ok(error.message.startsWith(`${name} must be `), error.message);
          assert.ok(!error.message.includes(canary));
          return true;
        },
      );
    }
  }
  assert.throws(
    () => readSettings({ PORT: 'x', ACCESS_TOKEN_SECONDS: 'y' }, '/'),
    /PORT must .*; ACCESS_TOKEN_SECONDS must /,
  );
});

test('V1 start: a bad setting ends the process with one line and no secret', async (t) => {
  const { code, output } = await runToEnd({
    DATA_DIR: dataDir(t),
    ACCESS_TOKEN_SECONDS: 'soon',
    JWT_SECRET: 'too-short-a-secret',
  });
  assert.equal(code, 1);
  assert.equal(output.trim().split('\n').length, 1);
  assert.match(
    output,
    /JWT_SECRET must .*ACCESS_TOKEN_SECONDS must|ACCESS_TOKEN_SECONDS must .*JWT_SECRET must/,
  );
  assert.ok(!output.includes('too-short-a-secret'));
});

test('V1 start: an unreachable database is named by its variable, its password is not', async (t) => {
  const { code, output } = await runToEnd({
    DATA_DIR: dataDir(t),
    DATABASE_URL: 'postgres://user:hunter2secret@127.0.0.1:1/db',
  });
  assert.equal(code, 1);
  assert.match(output, /DATABASE_URL/);
  assert.ok(!output.includes('hunter2secret'));
});

test('V1 start: key, accounts and sessions outlive a restart; signals end it in order', async (t) => {
  const env = { DATA_DIR: dataDir(t) };
  const first = await startProcess(env);
  assert.match(first.output(), new RegExp(`ada@example.com.*${DEMO_PASSWORD}`));
  assert.match(first.output(), /admin.*grace@example.com/);
  const tokens = await logIn(first.origin);

  const { port } = new URL(first.origin);
  const taken = await runToEnd({ ...env, PORT: port });
  assert.equal(taken.code, 1);
  assert.match(
    taken.output,
    new RegExp(`^bearerkit demo server: port ${port} is in use: set PORT[^\\n]*\\n$`),
  );
  const sameData = await runToEnd(env);
  assert.equal(sameData.code, 1);
  assert.match(sameData.output, /DATA_DIR is in use/);
  assert.equal(
    (await callApi(first.origin, tokens.accessToken)).status,
    200,
    'neither has harmed it',
  );

  // Both loopback addresses, where the machine has both.
  const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
    all?.some(({ address }) => address === '::1'),
  );
  for (const host of hasIpv6 ? ['127.0.0.1', '[::1]'] : ['127.0.0.1']) {
    assert.equal((await fetch(`http://${host}:${port}/healthz`)).status, 200);
  }
  assert.deepEqual((await first.stop('SIGTERM')).code, 0);

  const secret = path.join(env.DATA_DIR, 'jwt-secret');
  assert.equal(statSync(secret).mode & 0o777, 0o600);
  assert.ok(readFileSync(secret, 'utf8').length >= 43);
  const start = performance.now();
  const second = await startProcess(env);
  const took = performance.now() - start;
  assert.equal((await callApi(second.origin, tokens.accessToken)).status, 200);
  await refreshed(second.origin, tokens.refreshToken);
  assert.equal((await second.stop('SIGINT')).code, 0);
  assert.ok(!existsSync(path.join(env.DATA_DIR, 'lock')));
  t.diagnostic(`second start: ${took.toFixed(0)} ms`);
});

test('V1 start: a lock left by a killed server does not keep the next one out', async (t) => {
  const env = { DATA_DIR: dataDir(t) };
  const killed = await startProcess(env);
  await killed.stop('SIGKILL');
  assert.ok(existsSync(path.join(env.DATA_DIR, 'lock')));
  const next = await startProcess(env);
  await logIn(next.origin);
  assert.equal((await next.stop()).code, 0);
});

test('V1 unless asked for: no demo accounts, not even old ones, and no /demo', async (t) => {
  const folder = dataDir(t);
  const old = await openEmbedded(path.join(folder, 'pglite'));
  await migrate(old);
  await createDemoAccounts(old);
  await old.close();

  const server = await startProcess({ DATA_DIR: folder, DEMO: '' });
  assert.equal((await postJson(`${server.origin}/auth/login`, ADA)).status, 401);
  assert.equal((await fetch(`${server.origin}/demo/stats`)).status, 404);
  assert.equal((await postJson(`${server.origin}/demo/faults`, { refresh: 'drop' })).status, 404);
  assert.doesNotMatch(server.output(), /example\.com|password/);
  assert.equal((await server.stop()).code, 0);
});

test('V1 the page and the package are served where they have been built', async (t) => {
  const folder = dataDir(t);
  for (const [name, file, text] of [
    ['page', 'index.html', '<title>page</title>'],
    ['dist', 'index.js', 'export {};'],
    ['dist', 'core.wasm', '\0asm'],
  ] as const) {
    mkdirSync(path.join(folder, name), { recursive: true });
    writeFileSync(path.join(folder, name, file), text);
  }
  const server = await startProcess({
    DATA_DIR: path.join(folder, 'data'),
    STATIC_DIR: path.join(folder, 'page'),
    PACKAGE_DIR: path.join(folder, 'dist'),
  });
  const page = await fetch(server.origin);
  assert.match(await page.text(), /page/);
  assert.equal(page.headers.get('Cache-Control'), 'no-cache');
  assert.match(page.headers.get('Content-Security-Policy') ?? '', /default-src 'self'/);
  const without = await fetch(`${server.origin}/without-wasm/`);
  assert.match(await without.text(), /page/);
  assert.match(without.headers.get('Content-Security-Policy') ?? '', /script-src 'self';/);
  const script = await fetch(`${server.origin}/bearerkit/index.js`);
  assert.match(script.headers.get('Content-Type') ?? '', /javascript/);
  const wasm = await fetch(`${server.origin}/bearerkit/core.wasm`);
  assert.equal(wasm.headers.get('Content-Type'), 'application/wasm');
  assert.equal((await fetch(`${server.origin}/bearerkit/..%2fdata%2fjwt-secret`)).status, 404);
  await server.stop();
});

test('V5 the demo has an attacker, who is another site and has a form for each target', async (t) => {
  const server = await startProcess({ DATA_DIR: dataDir(t) });
  const { port } = new URL(server.origin);
  const { attackerOrigin } = await jsonOf(await fetch(`http://localhost:${port}/demo/settings`));
  assert.match(String(attackerOrigin), /^http:\/\/127\.0\.0\.1:\d+$/);
  const { attackerOrigin: other } = await jsonOf(
    await fetch(`http://127.0.0.1:${port}/demo/settings`),
  );
  assert.equal(other, String(attackerOrigin).replace('127.0.0.1', 'localhost'));
  const page = await (await fetch(String(attackerOrigin))).text();
  for (const target of ['/api/echo', '/cookie/refresh', '/cookie/logout', '/cookie/login'])
    assert.ok(page.includes(`method="post" action="http://localhost:${port}${target}"`), target);
  assert.match(await (await fetch(`${String(attackerOrigin)}/send.js`)).text(), /submit/);
  assert.equal((await server.stop()).code, 0);
});
