// D1–D7 and P5 where the engine itself decodes base64url (Uint8Array.fromBase64, setFromBase64), and where
// it does not: both entries answer as the core does in Node, on the same tokens.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { decodeJwt, isExpired, JwtError } from 'bearerkit';
import type * as Alone from 'bearerkit/decode';
import { isSameFault } from '../js/support/decoders.ts';
import { Random, SEED } from '../js/support/random.ts';
import { randomToken } from '../js/support/token_generator.ts';
import { makeJwt, RFC_TOKEN, withPayload } from '../js/support/tokens.ts';
import { type DemoServer, startDemoServer } from './support/demo_server.ts';
import { ENGINES, type Tab } from './support/engines/engine.ts';
import { useBrowser } from './support/engines/use_browser.ts';

const ROUNDS = 3000;
const NOW = 1_300_819_380;
const PAGE = '/style.css';

interface Answer {
  /** As JSON. */
  claims?: string;
  code?: string | undefined;
  part?: string | undefined;
  offset?: number | undefined;
  /** Or the code of its error. */
  expired: boolean | string;
}

type Api = typeof Alone;

interface Plan {
  entry: '/bearerkit/index.js' | '/bearerkit/decode.js';
  tokens: string[];
  now: number;
  /** Takes the engine's own functions away before the import. */
  without: boolean;
}

function tokensOf(random: Random): string[] {
  const [h, p] = RFC_TOKEN.split('.') as [string, string];
  const tokens = [
    // What the engines' functions forgive (D2).
    ...[' ', '=', '==', '\n', '+', '/', 'A', 'é'].flatMap((extra) => [
      `${h}${extra}.${p}.`,
      `${h}.${p}${extra}.`,
      `${h}.${p}.${extra}`,
      `${h}.${p.slice(0, 4)}${extra}${p.slice(4)}.AA`,
    ]),
    ...['AQ', 'AR', 'AAE', 'AAF', 'A', 'AAAA', 'AAAAA'].map((end) => `${h}.${p}.${end}`),
    withPayload(Buffer.from('7b2261223a22ff227d', 'hex')),
    withPayload('\ufeff{}'),
    makeJwt({ long: 'x'.repeat(20_000), exp: 5 }),
    makeJwt({ long: '李'.repeat(20_000), exp: 5 }),
    '..',
  ];
  while (tokens.length < ROUNDS) {
    tokens.push(randomToken(random));
  }
  // What is no text in UTF-8 cannot be handed to a page.
  return tokens.map((token) => Buffer.from(token).toString());
}

function expectedOf(token: string): Answer {
  const codeOf = (error: unknown): string => {
    assert.ok(error instanceof JwtError);
    return error.code;
  };
  let expired: boolean | string;
  try {
    expired = isExpired(token, { now: NOW });
  } catch (error) {
    expired = codeOf(error);
  }
  try {
    return { claims: JSON.stringify(decodeJwt(token)), expired };
  } catch (error) {
    const { code, part, offset } = error as JwtError;
    return { code, part, offset, expired };
  }
}

function decodeIn(tab: Tab, plan: Plan): Promise<{ json: string; native: boolean }> {
  return tab.evaluate(async ({ entry, tokens, now, without }: Plan) => {
    const native = 'setFromBase64' in Uint8Array.prototype;
    if (without) {
      delete (Uint8Array as { fromBase64?: unknown }).fromBase64;
      delete (Uint8Array.prototype as { setFromBase64?: unknown }).setFromBase64;
    }
    const api = (await import(entry)) as Api & { ready?: () => Promise<void> };
    await api.ready?.();
    const answers = tokens.map((token): Answer => {
      let expired: boolean | string;
      try {
        expired = api.isExpired(token, { now });
      } catch (error) {
        expired = (error as { code: string }).code;
      }
      try {
        return { claims: JSON.stringify(api.decodeJwt(token)), expired };
      } catch (error) {
        const { code, part, offset } = error as InstanceType<Api['JwtError']>;
        return { code, part, offset, expired };
      }
    });
    // As text: drivers take `undefined` in several ways.
    return { json: JSON.stringify(answers), native };
  }, plan);
}

describe('decoding in three engines', () => {
  let server: DemoServer;
  before(async () => {
    server = await startDemoServer();
  });
  after(() => server.stop());

  const tokens = tokensOf(new Random());
  const expected = tokens.map(expectedOf);

  for (const engine of ENGINES) {
    describe(engine, () => {
      const browser = useBrowser(engine);

      for (const entry of ['/bearerkit/index.js', '/bearerkit/decode.js'] as const) {
        for (const without of [false, true]) {
          test(`D1–D7 E1 P5 ${engine} ${without ? 'without' : 'with'} its own base64url agrees with Node: ${entry} (seed ${SEED})`, async () => {
            const tab = await browser().newTab();
            await tab.goto(server.origin + PAGE);
            const { json, native } = await decodeIn(tab, { entry, tokens, now: NOW, without });
            if (engine === 'Chromium') assert.ok(native, 'the quick way is tried somewhere');
            const answers = JSON.parse(json) as Answer[];
            assert.equal(answers.length, tokens.length);
            for (const [i, answer] of answers.entries()) {
              const right = { ...(expected[i] as Answer) };
              if (entry === '/bearerkit/decode.js') {
                if (right.code !== 'invalid_base64url') delete right.offset;
                if (isSameFault(answer.code, right.code)) right.code = answer.code;
                const [seen, wanted] = [String(answer.expired), String(right.expired)];
                if (isSameFault(seen, wanted)) right.expired = answer.expired;
              }
              const about = `token ${i}: ${tokens[i]?.slice(0, 500) ?? ''}`;
              assert.deepEqual(answer, JSON.parse(JSON.stringify(right)), about);
            }
            await tab.close();
          });
        }
      }
    });
  }
});
