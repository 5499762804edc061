// H1: what an app's developer reads when something was handed over that cannot be used.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { type AuthClientOptions, createAuthClient, type TokenResponse } from 'bearerkit';

const REFUSED: readonly (readonly [options: object, message: string])[] = [
  [{ leeway: 30_000 }, 'leeway is in seconds, at most 3600. It is 30000.'],
  [{ leeway: '30' }, 'leeway must be a number of seconds, 0 or more. It is a string.'],
  [{ refreshMargin: -1 }, 'refreshMargin must be a number of seconds, 0 or more. It is -1.'],
  [
    { refreshTimeout: NaN },
    'refreshTimeout must be a number of milliseconds, 0 or more. It is NaN.',
  ],
  [{ mode: 'cookies' }, "mode must be 'bearer', 'hybrid' or 'cookie'. It is a string."],
  [
    { origins: ['https://*.example.com'] },
    'origins must be named one by one, without wildcards. It is a string.',
  ],
  [
    { origins: ['https://api.example.com/v1'] },
    'origins must be like https://api.example.com. It is a string.',
  ],
  [{ origins: 'https://a.example' }, 'origins must be an array. It is a string.'],
  [{ storage: {} }, 'storage must have the functions get, set and remove. It is an object.'],
  [{ keepAlive: 1 }, 'keepAlive must be true or false. It is 1.'],
  [{ fetch: null }, 'fetch must be a function. It is null.'],
  [{ keep: 'id_token' }, 'keep must be an array of names. It is a string.'],
  [{ refresh: 5 }, 'refresh must be a URL, an object with a url, or a function. It is 5.'],
];

for (const [options, message] of REFUSED) {
  test(`H1 ${message}`, () => {
    assert.throws(() => createAuthClient(options as AuthClientOptions), {
      code: 'invalid_config',
      message,
    });
  });
}

test('H1 an option that there is not is told on the console, by its name', (t) => {
  const warned = t.mock.method(console, 'warn', () => undefined);
  const options = { refreshUrl: '/refresh', leeway: 5 } as AuthClientOptions;
  createAuthClient(options).close();
  assert.deepEqual(
    warned.mock.calls.map(({ arguments: [line] }) => line as unknown),
    ['bearerkit: there is no option refreshUrl.'],
  );
});

test('H1 a Response or a promise that is handed to setTokens is told from a bad answer', async (t) => {
  const auth = createAuthClient();
  t.after(() => auth.close());
  const tokens = { access_token: 'a' };
  const slips: readonly (readonly [unknown, string])[] = [
    [Response.json(tokens), 'setTokens got a Response: pass what its json() gives.'],
    [Promise.resolve(tokens), 'setTokens got a promise: await it.'],
  ];
  for (const [slip, message] of slips) {
    await assert.rejects(auth.setTokens(slip as TokenResponse), {
      code: 'invalid_token_response',
      message,
    });
  }
  assert.equal(auth.state, 'signed-out');
});
