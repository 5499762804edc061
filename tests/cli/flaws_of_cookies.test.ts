// H2: flaws of cookies, and of what any site can send with them.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { checkCookieFlags } from '../../cli/checks/cookies.ts';
import { readOptions } from '../../cli/options.ts';
import { Report } from '../../cli/report.ts';
import type { Behaviour } from './support/backend.ts';
import { testFlaws } from './support/flawed.ts';

const cookie = (attributes: string): Partial<Behaviour> => ({
  cookieName: 'session',
  cookie: attributes,
});

testFlaws([
  {
    name: 'a refusal that deletes the cookie of a new login',
    mode: 'hybrid',
    flaw: { refusalDeletes: true },
    finds: ['winner: warning'],
  },
  {
    name: "a refusal that deletes the winner's cookie",
    mode: 'cookie',
    flaw: { refusalDeletes: true, detectsReuse: false },
    finds: ['reuse: error', 'winner: error'],
  },
  {
    name: 'a cookie that scripts can read',
    mode: 'hybrid',
    flaw: { cookie: 'Secure; SameSite=Strict; Path=/' },
    finds: ['cookie_flags: error'],
  },
  {
    name: 'a cookie that travels by http',
    mode: 'hybrid',
    flaw: cookie('HttpOnly; SameSite=Strict; Path=/refresh'),
    finds: ['cookie_flags: error'],
  },
  {
    name: 'a cookie that other sites can have sent',
    mode: 'cookie',
    flaw: { cookie: 'HttpOnly; Secure; SameSite=None; Path=/' },
    finds: ['cookie_flags: warning'],
  },
  {
    name: 'a cookie that the page of another site is to use',
    mode: 'hybrid',
    page: 'https://app.example.com',
    flaw: { allowOrigin: 'https://app.example.com' },
    finds: ['cookie_flags: error'],
  },
  {
    name: 'a cookie that some browsers do not send from another site',
    mode: 'hybrid',
    page: 'https://app.example.com',
    flaw: {
      allowOrigin: 'https://app.example.com',
      cookie: 'HttpOnly; Secure; SameSite=None; Path=/',
    },
    finds: ['cookie_flags: warning'],
  },
  {
    name: 'a cookie of all subdomains',
    mode: 'hybrid',
    flaw: cookie('HttpOnly; Secure; SameSite=Lax; Path=/; Domain=example.com'),
    finds: ['cookie_flags: warning'],
  },
  {
    name: 'a cookie without the prefix',
    mode: 'hybrid',
    flaw: cookie('HttpOnly; Secure; SameSite=Lax; Path=/'),
    finds: ['cookie_flags: warning'],
  },
  {
    name: 'a prefix whose rules are broken',
    mode: 'hybrid',
    flaw: { cookie: 'HttpOnly; Secure; SameSite=Strict; Path=/refresh' },
    finds: ['cookie_flags: error'],
  },
  {
    name: 'a cookie for another path',
    mode: 'hybrid',
    flaw: cookie('HttpOnly; Secure; SameSite=Strict; Path=/refreshed'),
    finds: ['cookie_flags: error'],
  },
  {
    name: 'a refresh that any site can send',
    mode: 'hybrid',
    flaw: { checksCsrf: false },
    finds: ['csrf: error'],
  },
  {
    name: 'an API whose unsafe requests any site can send',
    mode: 'cookie',
    flaw: { checksCsrfOfApi: false },
    finds: ['csrf_api: error'],
  },
  {
    name: 'an API that answers all to POST in one way',
    mode: 'cookie',
    flaw: { redirects: ['POST /api'] },
    finds: ['csrf_api: warning'],
  },
  {
    name: 'the refresh token in the body, too',
    mode: 'hybrid',
    flaw: { more: { refreshToken: 'also-here' } },
    finds: ['hidden_tokens: error'],
  },
  {
    name: 'the access token in the body, too',
    mode: 'cookie',
    flaw: { more: { access_token: 'also-here' } },
    finds: ['hidden_tokens: error'],
  },
]);

for (const [page, says] of [
  ['https://app.herokuapp.com', /reach, if herokuapp\.com is one site\.$/],
  ['https://api.herokuapp.com', /reach\.$/],
] as const) {
  test(`H2 hybrid: what is taken for one site is said, of a page of ${page}`, () => {
    const refresh = new URL('https://api.herokuapp.com/refresh');
    const args = ['doctor', refresh.origin, '--refresh', refresh.href];
    const options = readOptions([...args, '--mode', 'hybrid', '--origin', page]);
    const headers = new Headers({
      'set-cookie': '__Host-r=1; HttpOnly; Secure; SameSite=Strict; Path=/',
    });
    const report = new Report(options);
    checkCookieFlags(options, report, refresh, {
      ...{ status: 200, problem: '', text: '{}', headers },
      ...{ sentAt: 0, receivedAt: 0 },
    });
    const [finding, ...more] = report.findings();
    assert.deepEqual(more, []);
    assert.match(finding?.seen ?? '', says);
  });
}
