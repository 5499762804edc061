// B11: a 401 that asks for a step-up (RFC 9470) is delivered, and told.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { startAuthServer } from './support/auth_server.ts';
import { signIn } from './support/client.ts';
import { startHttpServer } from './support/http_server.ts';
import { turns } from './support/wait.ts';

const STEP_UP = 'error="insufficient_user_authentication"';

const CHALLENGES: [string, object | undefined][] = [
  [
    `Bearer ${STEP_UP}, acr_values="urn:gold urn:silver", max_age="300", scope="pay read"`,
    { acrValues: 'urn:gold urn:silver', maxAge: 300, scope: 'pay read' },
  ],
  [`Bearer ${STEP_UP}, max_age=0`, { maxAge: 0 }],
  [`Bearer realm="a", ${STEP_UP}, acr_values=gold`, { acrValues: 'gold' }],
  [`Bearer ${STEP_UP}, scope="pay"`, { scope: 'pay' }],
  [`Basic realm="b", bearer ${STEP_UP}`, {}],
  [`Bearer ${STEP_UP}, max_age="-5", acr_values="g\u00fcld"`, {}],
  ['Bearer error="insufficient_scope", scope="pay"', undefined],
  ['Bearer error="insufficient_claims", acr_values="gold"', undefined],
  ['DPoP error="insufficient_user_authentication"', undefined],
];

for (const [challenge, expected] of CHALLENGES) {
  test(`B11 B6 ${challenge}: ${expected ? 'one event' : 'no event'}, delivered`, async (t) => {
    const server = await startAuthServer(t);
    server.route('/api/pay', () => ({ status: 401, headers: { 'WWW-Authenticate': challenge } }));
    const { auth, events } = await signIn(t, server);
    const response = await auth.fetchWithAuth(server.url('/api/pay'), { method: 'POST' });
    assert.equal(response.status, 401);
    await turns(1);
    assert.deepEqual(events.of('challenge'), expected ? [expected] : []);
    assert.equal(server.to('/api/pay').length, 1);
    assert.equal(server.refreshes.length, 0);
    assert.equal(auth.state, 'signed-in');
  });
}

test('B11 F9 retry: false is told as well; a call that is not ours and a foreign answer are not', async (t) => {
  const server = await startAuthServer(t);
  const foreign = await startHttpServer(t, '127.0.0.2');
  const answer = { status: 401, headers: { 'WWW-Authenticate': `Bearer ${STEP_UP}` } };
  server.route('/api/pay', () => answer);
  foreign.route('/pay', () => answer);
  server.route('/api/away', () => ({ status: 307, headers: { Location: foreign.url('/pay') } }));
  const { auth, events } = await signIn(t, server);
  await auth.fetchWith({ retry: false })(server.url('/api/pay'));
  await turns(1);
  assert.equal(events.count('challenge'), 1);
  await auth.fetchWithAuth(server.url('/api/away'));
  await auth.fetchWithAuth(server.url('/api/pay'), { headers: { Authorization: 'Bearer own' } });
  await auth.signOut();
  await auth.fetchWithAuth(server.url('/api/pay'));
  await turns(1);
  assert.equal(events.count('challenge'), 1);
});

test('B11 the answer to an old session tells the new user nothing', async (t) => {
  const server = await startAuthServer(t);
  const answer = { status: 401, headers: { 'WWW-Authenticate': `Bearer ${STEP_UP}` } };
  server.route('/api/pay', () => answer);
  const { auth, events } = await signIn(t, server);
  const gate = server.hold('/api/pay');
  const call = auth.fetchWithAuth(server.url('/api/pay'));
  await gate.until(1);
  await auth.setTokens(server.signIn('oauth', 'grace'));
  gate.open();
  assert.equal((await call).status, 401);
  await turns(1);
  assert.equal(events.count('challenge'), 0);
});
