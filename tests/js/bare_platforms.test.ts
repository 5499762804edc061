// P6: platforms that lack what others have. The package is imported when it is gone.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createAuthClient, type AuthEvent } from 'bearerkit';

import { startAuthServer } from './support/auth_server.ts';
import { inRealm, packageFile } from './support/realm.ts';
import { installGlobal } from './support/storages.ts';
import { makeJwt } from './support/tokens.ts';

const PLATFORMS: Record<string, { without: string[]; wasm?: boolean }> = {
  'jsdom as Jest has it': { without: ['TextEncoder', 'TextDecoder', 'BroadcastChannel'] },
  "Next's edge runtime": { without: ['CustomEvent', 'navigator'] },
  Hermes: {
    without: [
      ...['CustomEvent', 'Event', 'EventTarget', 'TextDecoder', 'crypto', 'BroadcastChannel'],
      ...['navigator', 'MessageChannel', 'structuredClone'],
    ],
    wasm: false,
  },
};

for (const [platform, { without, wasm = true }] of Object.entries(PLATFORMS)) {
  test(`P6 ${platform}: signs in, calls, refreshes, hears of it, signs out`, async (t) => {
    const server = await startAuthServer(t, {
      claims: () => ({ sub: 'ada', name: 'Ada Ωmega 😀' }),
    });
    server.route('/warm', () => ({ body: 'up' }));
    const tokens = server.signIn();
    server.expire();
    const seen = await inRealm(
      t,
      { wasm, without, warmUp: server.url('/warm') },
      async ({ createAuthClient }, { origin, tokens }) => {
        const auth = createAuthClient({ refresh: `${origin}/refresh`, origins: [origin] });
        const heard: string[] = [];
        for (const type of ['signedin', 'refreshed', 'signedout', 'warning'] as const) {
          auth.addEventListener(type, ({ type }: AuthEvent) => void heard.push(type));
        }
        await auth.setTokens(tokens);
        const answers = await Promise.all(
          ['é', '2', '3'].map((id) =>
            auth.fetchWithAuth(`${origin}/api/${id}`, { method: 'POST' }),
          ),
        );
        const name = auth.claims?.['name'];
        await auth.signOut();
        auth.close();
        return { statuses: answers.map(({ status }) => status), heard, name, engine: auth.engine };
      },
      { origin: server.origin, tokens: tokens },
    );
    assert.deepEqual(seen, {
      statuses: [200, 200, 200],
      heard: ['signedin', 'refreshed', 'signedout'],
      name: 'Ada Ωmega 😀',
      engine: wasm ? 'wasm' : 'js',
    });
    assert.equal(server.refreshes.length, 1);
  });
}

test('P6 a URL that puts a slash behind each path, as React Native has it: the endpoints stay as they are', async (t) => {
  const server = await startAuthServer(t);
  const OwnURL = URL;
  class SlashURL extends OwnURL {
    override get href(): string {
      return `${super.href.replace(/\/$/, '')}/`;
    }
  }
  installGlobal(t, 'URL', { value: SlashURL, writable: true });
  const { origin } = server;
  const auth = createAuthClient({ refresh: `${origin}/refresh`, origins: [origin] });
  t.after(() => auth.close());
  await auth.setTokens(server.signIn());
  server.expire();
  assert.equal((await auth.fetchWithAuth(`${origin}/api/a`)).status, 200);
  assert.equal(server.refreshes.length, 1);
});

const TEXTS = ['', 'Ada', 'é', 'Ωmega', '\ufeffmark', '日本', '😀', 'half \ud83d of a pair', '\0'];

test('P6 texts cross without TextEncoder and TextDecoder as they do with them', async (t) => {
  const server = await startAuthServer(t);
  server.route('/warm', () => ({ body: 'up' }));
  const tokens = TEXTS.map((text) => makeJwt({ sub: text }));
  const [bare, usual] = await Promise.all(
    [['TextEncoder', 'TextDecoder', 'Buffer'], []].map((without) =>
      inRealm(
        t,
        { wasm: true, without, warmUp: server.url('/warm') },
        ({ decodeJwt }, tokens) => tokens.map((token) => decodeJwt(token).sub),
        tokens,
      ),
    ),
  );
  assert.deepEqual(bare, usual);
  assert.deepEqual(bare?.slice(0, 7), TEXTS.slice(0, 7));
});

test('P6 P5 bearerkit/decode without TextDecoder: the same claims, and no bytes that are no UTF-8', async (t) => {
  const server = await startAuthServer(t);
  server.route('/warm', () => ({ body: 'up' }));
  const broken = [[0xc3], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xff]];
  const tokens = [
    ...TEXTS.map((text) => makeJwt({ sub: text })),
    ...broken.map((bytes) => {
      const payload = Buffer.concat([
        Buffer.from('{"sub":"'),
        Buffer.from(bytes),
        Buffer.from('"}'),
      ]);
      return `e30.${payload.toString('base64url')}.`;
    }),
  ];
  const run = (without: string[]): Promise<unknown> =>
    inRealm(
      t,
      { wasm: true, without, entry: packageFile('decode.js'), warmUp: server.url('/warm') },
      ({ decodeJwt }, all) =>
        all.map((token) => {
          try {
            return decodeJwt(token).sub;
          } catch (error) {
            return (error as { code: string }).code;
          }
        }),
      tokens,
    );
  const bare = await run(['TextDecoder']);
  assert.deepEqual(bare, await run([]));
  assert.deepEqual(
    (bare as unknown[]).slice(TEXTS.length),
    broken.map(() => 'invalid_utf8'),
  );
});
