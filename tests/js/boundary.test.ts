// The core as it is shipped, as WebAssembly and as JavaScript: what it exports and imports, and the
// memory it takes.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import {
  createAuthClient,
  decodeJwt,
  inspectJwt,
  isExpired,
  ready,
  type AuthClient,
} from 'bearerkit';
import javascript from 'bearerkit/javascript';

import { CORE_EXPORTS } from '../../js/core/core_exports.ts';
import { named } from './support/exports.ts';
import { Random } from './support/random.ts';
import { makeJwt, RFC_TOKEN } from './support/tokens.ts';

const MEBIBYTE = 1024 * 1024;

// The core is started at the first use: from here on its instance can be had.
const { Instance } = WebAssembly;
const instances: WebAssembly.Instance[] = [];
class SeenInstance extends Instance {
  constructor(module: WebAssembly.Module, imports?: WebAssembly.Imports) {
    super(module, imports);
    instances.push(this);
  }
}
WebAssembly.Instance = SeenInstance;
await ready();
WebAssembly.Instance = Instance;

const file = (path: string): Promise<Buffer<ArrayBuffer>> =>
  readFile(new URL(`../../${path}`, import.meta.url));
const module = new WebAssembly.Module(await file('dist/bearerkit.wasm'));
const byEngine = {
  wasm: named(new WebAssembly.Instance(module).exports),
  js: named(javascript),
};
// The one that runs, see support/js_engine.ts.
const running: Record<string, unknown> = instances[0]?.exports ?? byEngine.js;
const bytes = (): ArrayBuffer => (running['memory'] as { buffer: ArrayBuffer }).buffer;
const size = (): number => bytes().byteLength;

test('P2 the engine is the one asked for', () => {
  const auth = createAuthClient();
  assert.equal(auth.engine, process.env['BEARERKIT_ENGINE'] ?? 'wasm');
  assert.equal(instances.length, auth.engine === 'wasm' ? 1 : 0);
  auth.close();
});

for (const [engine, { memory, ...functions }] of Object.entries(byEngine)) {
  test(`of a token that is written part by part nothing is left: ${engine}`, () => {
    const { bearerkit_input: reserve, bearerkit_forget: forget } = functions as Record<
      string,
      (size?: number) => number
    >;
    const put = (text: string): number => {
      const address = reserve?.(text.length) ?? 0;
      new Uint8Array((memory as WebAssembly.Memory).buffer).set(Buffer.from(text), address);
      return address;
    };
    const address = put('a signature that is long');
    put('short');
    forget?.();
    const area = new Uint8Array((memory as WebAssembly.Memory).buffer, address, 100);
    assert.ok(area.every((byte) => byte === 0));
  });
}

for (const [engine, exports] of Object.entries(byEngine)) {
  test(`the core exports what js/core/core_exports.ts lists, no more and no less: ${engine}`, () => {
    const { memory, _initialize: initialize, ...functions } = exports;
    assert.ok((memory as { buffer: unknown }).buffer instanceof ArrayBuffer);
    assert.equal(typeof initialize, 'function');
    assert.deepEqual(Object.keys(functions).toSorted(), Object.keys(CORE_EXPORTS).toSorted());
  });

  test(`each export takes as many parameters as are listed: ${engine}`, () => {
    for (const [name, parameters] of Object.entries(CORE_EXPORTS)) {
      const exported = exports[name];
      assert.ok(typeof exported === 'function');
      assert.equal(exported.length, parameters.length, name);
    }
  });
}

test('the module imports nothing: no I/O, no clock (E3)', () => {
  assert.deepEqual(WebAssembly.Module.imports(module), []);
});

test('the module in a file of its own is the one that is inlined', async () => {
  const inlined = await import('#generated/wasm_inline');
  assert.deepEqual(Buffer.from(inlined.wasmBytes()), await file('dist/bearerkit.wasm'));
});

test('one instance serves all, however often it is used', async () => {
  const before = instances.length;
  await ready();
  for (let i = 0; i < 10; i++) createAuthClient().close();
  decodeJwt(RFC_TOKEN);
  assert.equal(instances.length, before);
});

test('linear memory is at most 1 MiB and flat over 10 000 calls', async () => {
  const random = new Random();
  const tokens = Array.from({ length: 100 }, () =>
    makeJwt({ exp: random.below(1e9), text: random.word(random.below(4000)) }),
  );
  const clients: AuthClient[] = [];
  let current = 'first';
  const round = async (): Promise<void> => {
    for (let i = 0; i < 2500; i++) {
      const token = tokens[i % tokens.length] ?? '';
      decodeJwt(token);
      isExpired(token);
      inspectJwt(i % 2 === 0 ? token : token.slice(i % token.length));
    }
    const auth = createAuthClient({
      origins: ['https://api.example.com'],
      refresh: () => {
        current = random.word(300);
        return Promise.resolve({ access_token: current, refresh_token: random.word(300) });
      },
      fetch: (_, init) => {
        const sent = new Headers(init?.headers).get('authorization');
        return Promise.resolve(
          new Response(null, { status: sent === `Bearer ${current}` ? 200 : 401 }),
        );
      },
    });
    await auth.setTokens({ access_token: current, refresh_token: 'r' });
    for (let i = 0; i < 250; i++) {
      if (i % 10 === 0) current = 'expired';
      const calls = Array.from({ length: 10 }, () =>
        auth.fetchWithAuth('https://api.example.com/a', { method: 'POST' }),
      );
      for (const call of calls) assert.equal((await call).status, 200);
    }
    clients.push(auth);
    auth.close();
  };
  await round();
  const before = size();
  assert.ok(before <= MEBIBYTE, `${before} bytes`);
  for (let i = 0; i < 4; i++) await round();
  assert.equal(size(), before);
});

test('a thousand clients, closed again, leave nothing behind', async () => {
  const make = async (): Promise<void> => {
    const auth = createAuthClient({ refresh: () => Promise.reject(new Error('down')) });
    await auth.setTokens({ access_token: 'a'.repeat(2000), refresh_token: 'r'.repeat(2000) });
    await auth.refresh().catch(() => undefined);
    auth.close();
  };
  for (let i = 0; i < 200; i++) await make();
  const before = size();
  for (let i = 0; i < 1000; i++) await make();
  assert.equal(size(), before);
  assert.ok(before <= MEBIBYTE, `${before} bytes`);
});

test('nothing of a token is left in linear memory after a decode', () => {
  const canary = new Random(Date.now()).word(32);
  const token = makeJwt({ canary, exp: 5 });
  decodeJwt(token);
  isExpired(token);
  inspectJwt(token);
  inspectJwt(`${token}!`);
  const left = Buffer.from(bytes());
  assert.equal(left.includes(canary), false, 'decoded');
  assert.equal(left.includes((token.split('.')[1] ?? '').slice(0, 24)), false, 'encoded');
});

test('the largest tokens make memory grow once, not each time; views are renewed', () => {
  const large = makeJwt({ text: 'José 🦊 '.repeat(60_000) });
  assert.ok(large.length < MEBIBYTE);
  const round = (): void => {
    assert.equal(String(decodeJwt(large)['text']).length, 8 * 60_000);
    assert.equal(decodeJwt(RFC_TOKEN).iss, 'joe');
    assert.throws(() => decodeJwt(`${large.slice(0, -50)}!`), { name: 'JwtError' });
  };
  round();
  round();
  const before = size();
  for (let i = 0; i < 30; i++) round();
  assert.equal(size(), before);
  assert.ok(before <= 16 * MEBIBYTE, `${before} bytes`);
});
