// H3: how the command is called, and what it does where there is nothing to check.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';

import { CHECKS } from '../../cli/report.ts';
import { startHttpServer } from '../js/support/http_server.ts';
import { startBackend } from './support/backend.ts';
import { assertSecret, examine, faultsIn, run, temporaryFile } from './support/doctor.ts';

const SECRET = crypto.randomUUID();
const URL_OF_NOBODY = 'http://127.0.0.1:9/';

test('H3 --help tells the options, and that the session is used up', async () => {
  const { code, stdout } = await run(['--help']);
  assert.equal(code, 0);
  assert.match(stdout, /THE SESSION IS USED UP/);
  for (const option of ['--api', '--refresh', '--login', '--tokens', '--origin', '--json']) {
    assert.ok(stdout.includes(option), option);
  }
  assert.equal((await run([])).code, 2);
});

test('H3 a wrong call is told without what it held, exit code 2', async (t) => {
  const notJson = temporaryFile(t, SECRET);
  const empty = temporaryFile(t, '\n');
  const wrong: [string[], RegExp][] = [
    [['cure', URL_OF_NOBODY], /the only command is doctor/],
    [['doctor'], /needs the URL/],
    [['doctor', SECRET], /<url> must be an http or https URL/],
    [['doctor', URL_OF_NOBODY, SECRET], /takes one URL/],
    [['doctor', `https://ada:${SECRET}@example.com`], /no user and no password/],
    [['doctor', URL_OF_NOBODY, `--token=${SECRET}`], /--token is not known/],
    [['doctor', URL_OF_NOBODY, `--${SECRET}`], /an option is not known/],
    [['doctor', URL_OF_NOBODY, '--refresh'], /--refresh is not known, or has no fitting value/],
    [['doctor', URL_OF_NOBODY, '--mode', SECRET], /--mode must be bearer or hybrid or cookie/],
    [['doctor', URL_OF_NOBODY, '--dialect', SECRET], /--dialect must be/],
    [['doctor', URL_OF_NOBODY, '--origin', `https://a.example/${SECRET}`], /--origin must be/],
    [['doctor', URL_OF_NOBODY, '--grace', SECRET], /--grace must be/],
    [['doctor', URL_OF_NOBODY, '--csrf', SECRET], /--csrf must be/],
    [
      ['doctor', URL_OF_NOBODY, '--tokens', `/nowhere/${SECRET}`],
      /file of --tokens cannot be read/,
    ],
    [['doctor', URL_OF_NOBODY, '--tokens', notJson], /--tokens must be a token response/],
    [['doctor', URL_OF_NOBODY, '--tokens', empty], /--tokens was given nothing/],
    [['doctor', URL_OF_NOBODY, '--login', '/login'], /--login was given nothing/],
    [['doctor', URL_OF_NOBODY, '--login', '/login', '--tokens', '-'], /exclude each other/],
  ];
  const runs = await Promise.all(wrong.map(([args]) => run(args)));
  for (const [i, [, message]] of wrong.entries()) {
    const ended = runs[i] ?? assert.fail();
    assert.match(ended.stderr, message);
    assert.equal(ended.code, 2, ended.stderr);
    assert.equal(ended.stdout, '');
    assertSecret(ended.stderr, [SECRET]);
  }
});

/** A port of this machine that was just let go. */
async function closedUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}/`;
}

test('H3 a server that is not there, and one that says nothing', async (t) => {
  const nobody = await examine([await closedUrl(), '--refresh', '/refresh']);
  assert.deepEqual(faultsIn(nobody.findings), ['unauthorized: error', 'refusal: error']);
  assert.match(nobody.stdout, /no answer \(ECONNREFUSED\)/);

  const silent = await startHttpServer(t);
  silent.route('/', () => ({ fault: 'silence' }));
  const { findings } = await examine([silent.url('/'), '--timeout', '1']);
  assert.match(findings.find(({ level }) => level === 'error')?.seen ?? '', /none in 1 s/);
});

test('H3 no token goes anywhere by plain http', async (t) => {
  const backend = await startBackend(t, 'bearer');
  // Reaches this machine, and is no address of the loopback by its name.
  const url = backend.url('/api').replace('127.0.0.1', '0.0.0.0');
  const input = JSON.stringify({ accessToken: SECRET, refreshToken: SECRET });
  const args = [url, '--refresh', '/refresh', '--tokens', '-'];
  const { findings, usedSession, notChecked } = await examine(args, { input });
  assert.deepEqual(faultsIn(findings), ['https: error', 'https: error']);
  assert.equal(usedSession, false);
  assert.ok(notChecked.some(({ check }) => check === 'reuse'));
  for (const { headers, body } of backend.requests) {
    assert.ok(!JSON.stringify(headers).includes(SECRET) && !body.includes(SECRET));
  }
});

test('H3 a session by its cookies, with a double-submit header', async (t) => {
  const backend = await startBackend(t, 'hybrid');
  const login = await fetch(backend.url('/login'), {
    method: 'POST',
    body: [...backend.secrets][0] ?? '',
  });
  const cookies = login.headers.getSetCookie().map((line) => line.split(';')[0]);
  const file = temporaryFile(t, `Cookie: ${[...cookies, 'csrf=a%20word'].join('; ')}\n`);
  const args = [backend.url('/api'), '--mode', 'hybrid', '--refresh', '/refresh', '--grace', '0'];
  const byCookie = ['--tokens', file, '--csrf-cookie', 'csrf'];
  const examination = await examine([...args, ...byCookie]);
  assert.deepEqual(faultsIn(examination.findings), [], examination.stdout);
  assert.equal(examination.usedSession, true);
  assertSecret(examination.stdout, backend.secrets);
  assert.ok(backend.to('/refresh').some(({ headers }) => headers['x-csrf'] === 'a word'));
});

test('H3 docs/DOCTOR.md has a row for every check, with its words', () => {
  const document = readFileSync(new URL('../../docs/DOCTOR.md', import.meta.url), 'utf8');
  const rows = [...document.matchAll(/^\| `(\w+)` +\| (.*?) *\|/gm)];
  assert.deepEqual(
    Object.fromEntries(rows.map(([, name, words = '']) => [name, words.replaceAll('`', '')])),
    { ...CHECKS },
  );
});
