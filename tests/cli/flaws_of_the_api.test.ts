// H2: flaws of the API that the doctor finds.
import { testFlaws } from './support/flawed.ts';

const HTML = '<!doctype html><title>Error</title>';

testFlaws([
  {
    name: 'no challenge',
    flaw: { unauthorized: { status: 401 } },
    finds: ['challenge: warning'],
  },
  {
    name: 'a challenge for which browsers ask for a password',
    flaw: { unauthorized: { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="x"' } } },
    finds: ['challenge: error'],
  },
  {
    name: '403 instead of 401',
    flaw: { unauthorized: { status: 403 }, refused: { status: 403 } },
    finds: ['unauthorized: error', 'refused_token: error'],
  },
  {
    name: 'an API that nobody protects',
    flaw: { unauthorized: { status: 200 } },
    finds: ['unauthorized: warning'],
  },
  {
    name: 'a sign-in page instead of 401',
    flaw: { unauthorized: { status: 302, headers: { Location: '/sign-in' } } },
    finds: ['redirects: error'],
  },
  {
    name: 'insufficient_scope for a token that is no good',
    flaw: {
      refused: {
        status: 401,
        headers: { 'WWW-Authenticate': 'Bearer error="insufficient_scope"' },
      },
    },
    finds: ['refused_token: error'],
  },
  {
    name: 'no reason for a refused token',
    flaw: { refused: { status: 401, headers: { 'WWW-Authenticate': 'Bearer' } } },
    finds: ['refused_token: warning'],
  },
  {
    name: '500 for a token that is no good',
    flaw: { refused: { status: 500, body: HTML } },
    finds: ['refused_token: error'],
  },
  { name: 'a refresh loop', flaw: { loop: true }, finds: ['accepted: error'] },
  {
    name: 'a user without the rights',
    flaw: { api: { status: 403 } },
    finds: ['accepted: warning'],
  },
  {
    name: 'answers to one user for all',
    flaw: { api: { json: {}, headers: { 'Cache-Control': 'public, max-age=60' } } },
    finds: ['shared_cache: error'],
  },
  {
    name: 'answers to one user for a minute, by a cookie',
    mode: 'cookie',
    flaw: { api: { json: {}, headers: { 'Cache-Control': 'max-age=60' } } },
    finds: ['shared_cache: error'],
  },
  {
    name: 'a clock that is wrong',
    flaw: { clock: -7200 },
    finds: ['clock: warning'],
  },
]);
