// H2: the reference server has no flaw that the doctor looks for, in any mode and dialect.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test, type TestContext } from 'node:test';

import { useEmbedded } from '../server/support/databases.ts';
import { ADA } from '../server/support/requests.ts';
import { startServer, type TestServer } from '../server/support/server.ts';
import { assertSecret, examine, type Examination, faultsIn, run } from './support/doctor.ts';

// Of the server's site, as cookies want it.
const PAGE = 'http://127.0.0.1:4173';
const CREDENTIALS = JSON.stringify(ADA);

interface Kind {
  args: string[];
  input?: string;
  checks: number;
}

const KINDS: Record<string, Kind> = {
  'the JSON dialect': {
    args: [
      ...['--login', '/auth/login', '--refresh', '/auth/refresh'],
      ...['--sign-out', '/auth/logout'],
    ],
    checks: 25,
  },
  'the OAuth dialect': {
    args: [
      ...['--login', '/oauth/token', '--refresh', '/oauth/token', '--client-id', 'demo'],
      ...['--sign-out', '/oauth/revoke'],
    ],
    input: String(
      new URLSearchParams({
        grant_type: 'password',
        username: ADA.email,
        password: ADA.password,
        client_id: 'demo',
      }),
    ),
    checks: 25,
  },
  'hybrid mode': {
    args: [
      ...['--mode', 'hybrid', '--login', '/hybrid/login', '--refresh', '/hybrid/refresh'],
      ...['--sign-out', '/hybrid/logout'],
    ],
    checks: 28,
  },
  'cookie mode': {
    args: [
      ...['--mode', 'cookie', '--login', '/cookie/login', '--refresh', '/cookie/refresh'],
      ...['--unsafe', '/api/echo', '--sign-out', '/cookie/logout'],
    ],
    checks: 28,
  },
};

const database = useEmbedded();

/** As long as no machine is busy for. */
const GRACE = 600;

async function start(t: TestContext, refreshGraceSeconds = GRACE): Promise<TestServer> {
  const server = await startServer(t, database(), { corsOrigins: [PAGE], refreshGraceSeconds });
  // Its clock would stand still, and its tokens be older than its answers.
  let last = Date.now();
  const timer = setInterval(() => {
    const now = Date.now();
    server.advance((now - last) / 1000);
    last = now;
  }, 100);
  t.after(() => clearInterval(timer));
  return server;
}

/** The grace window is over when the doctor has waited for it. */
function consult(server: TestServer, { args, input = CREDENTIALS }: Kind): Promise<Examination> {
  const all = [server.url('/api/me'), ...args, '--origin', PAGE, '--grace', '2'];
  return examine(all, {
    input,
    onStderr: (text) => {
      if (text.includes('waiting 2 s')) server.advance(GRACE);
    },
  });
}

describe('the reference server', { concurrency: true }, () => {
  for (const [name, kind] of Object.entries(KINDS)) {
    test(`H2 ${name}: all is in order`, async (t) => {
      const server = await start(t);
      const begin = performance.now();
      const examination = await consult(server, kind);
      assert.ok(performance.now() - begin > 2000, 'it has waited');
      assert.deepEqual(faultsIn(examination.findings), [], examination.stdout);
      assert.deepEqual(examination.notChecked, []);
      assert.equal(examination.findings.length, kind.checks);
      assertSecret(examination.stdout + examination.stderr, [ADA.password, ADA.email]);
    });
  }
});

test('H2 without tokens it checks what can be seen, and says what it would check', async (t) => {
  const server = await start(t);
  const { stdout, code } = await run(['doctor', server.url('/api/me')]);
  assert.equal(code, 0);
  assert.equal((await server.stats()).refreshRequests, 0);
  assert.match(stdout, /^✓ unauthorized /m);
  assert.match(stdout, /^Not checked: give --login or --tokens \(which uses that session up\)$/m);
  assert.match(stdout, /^– reuse +a stolen refresh token that is used again ends the session$/m);
  assert.doesNotMatch(stdout, /used up: sign in/);
});

test('H2 docs/DOCTOR.md shows what the doctor prints', async (t) => {
  const document = readFileSync(new URL('../../docs/DOCTOR.md', import.meta.url), 'utf8');
  const [, command = '', shown = ''] =
    /```\n\$ (.*?)\n(bearerkit doctor:.*?)```/s.exec(document) ?? [];
  assert.ok(shown.length > 1000, 'an example is there');
  const server = await start(t, 0);
  const args = command
    .replaceAll(/\\\n/g, ' ')
    .replace(/^npx bearerkit /, '')
    .replace(/ < .*$/, '')
    .split(/ +/)
    .map((argument) => argument.replace('http://localhost:8080', server.origin));
  const { stdout } = await run(args, { input: CREDENTIALS });
  assert.equal(stdout.replaceAll(server.origin, 'http://localhost:8080'), shown);
});
