// npm run user and npm run keys, as an operator calls them.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { startProcess, temporaryFolder } from './support/process.ts';
import { callApi, claimsOf, jsonOf, logIn } from './support/requests.ts';

const COMMAND = fileURLToPath(new URL('../../demo/server/command.ts', import.meta.url));

test('V4 users and keys by command', async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const env = { DATA_DIR: folder, DEMO: 'off' };
  const call = (args: string[], input = '') =>
    new Promise<{ code: number | null; output: string }>((resolve) => {
      const child = spawn(process.execPath, ['--import', 'tsx', COMMAND, ...args], {
        env: { PATH: process.env['PATH'], ...env },
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (chunk: string) => {
          output += chunk;
        });
      child.stdin.end(input);
      child.on('close', (code) => resolve({ code, output }));
    });
  const mary = { email: 'mary@example.com', password: 'a secret of her own' };

  const short = await call(['user', 'add', mary.email], 'short\n');
  assert.deepEqual([short.code, /8 to 1024/.test(short.output)], [1, true]);
  const added = await call(['user', 'add', 'Mary@Example.com', '--admin'], `${mary.password}\n`);
  assert.equal(added.code, 0, added.output);
  assert.match(added.output, /mary@example\.com \(admin\)/);
  assert.ok(!added.output.includes(mary.password));
  assert.equal((await call(['user', 'add', mary.email], mary.password)).code, 1, 'twice');
  assert.match((await call(['user', 'list'])).output, /mary@example\.com \(admin\)/);
  for (const wrong of [[], ['user'], ['user', 'add'], ['keys', 'rotate', 'x'], ['user', '--x']])
    assert.match((await call(wrong)).output, /^npm run user -- add/, wrong.join(' '));

  const first = await startProcess(env);
  const before = await logIn(first.origin, mary);
  assert.match((await call(['user', 'list'])).output, /DATA_DIR is in use/);
  await first.stop();
  assert.match((await call(['keys', 'rotate'])).output, /signs in a minute/);
  const rotated = await call(['keys', 'rotate', '--at-once']);
  assert.match(rotated.output, /signs now/);

  const second = await startProcess(env);
  const refused = await callApi(second.origin, before.accessToken);
  assert.match(refused.headers.get('WWW-Authenticate') ?? '', /The key is not known/);
  const { accessToken } = await logIn(second.origin, mary);
  assert.equal(claimsOf(accessToken)['role'], 'admin');
  const { keys } = await jsonOf(await fetch(`${second.origin}/.well-known/jwks.json`));
  assert.ok(Array.isArray(keys) && keys.length === 1);
  await second.stop();
});
