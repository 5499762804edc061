// H3: no token, cookie or password is printed, not even by way of a server that repeats them all.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { doctor } from '../../cli/doctor.ts';
import { readOptions } from '../../cli/options.ts';
import { type Answer, type Recorded, startHttpServer } from '../js/support/http_server.ts';
import { makeJwt } from '../js/support/tokens.ts';
import { assertSecret, run } from './support/doctor.ts';

const random = (): string => crypto.randomUUID();

for (const mode of ['bearer', 'hybrid', 'cookie'] as const) {
  for (const status of [200, 302, 400, 401, 403, 500]) {
    test(`H3 ${mode}: a server that answers ${status} with all that it knows`, async (t) => {
      const secrets = [random(), makeJwt({ jti: random() }, undefined, random()), random()];
      const [password = '', access = '', refresh = ''] = secrets;
      const all = secrets.join('-');
      const answer = ({ path, method }: Recorded): Answer => ({
        status: path === '/login' ? 200 : method === 'OPTIONS' ? 204 : status,
        headers: {
          'WWW-Authenticate': `Bearer realm="${all}", error="${all}"`,
          'Access-Control-Allow-Origin': all,
          'Access-Control-Expose-Headers': all,
          'Cache-Control': all,
          'Content-Type': `text/html; charset=${all}`,
          'Retry-After': all,
          Date: all,
          Location: `/${all}?${all}`,
          'Set-Cookie': [`session=${refresh}; Path=/${all}; Domain=${all}; SameSite=${all}`],
        },
        body: JSON.stringify({
          accessToken: access,
          refreshToken: refresh,
          expiresIn: 900,
          error: all,
          error_description: all,
        }),
      });
      const server = await startHttpServer(t);
      server.route('/', answer);
      const args = ['doctor', server.url('/api'), '--mode', mode, '--login', '/login'];
      const more = ['--refresh', '/refresh', '--origin', 'https://app.example.com', '--grace', '0'];
      const input = JSON.stringify({ user: 'ada', password });
      const report = await doctor(readOptions([...args, ...more]), input);
      assertSecret(report.asText() + report.asJson(), secrets);
      if (status === 200) {
        const ended = await run([...args, ...more], { input });
        assert.ok(ended.code === 0 || ended.code === 1, ended.stderr);
        assertSecret(ended.stdout + ended.stderr, secrets);
      }
      // Not because it had none: the server was given them.
      assert.ok(server.to('/login').every(({ body }) => body.includes(password)));
      const given = server.requests.filter(({ headers, body }) =>
        `${headers.authorization ?? ''}${headers.cookie ?? ''}${body.toString()}`.match(
          new RegExp(`${access}|${refresh}`),
        ),
      );
      assert.ok(given.length > 0);
    });
  }
}
