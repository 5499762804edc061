// From import to the first decoded token, in a browser that has nothing cached: a context of its own for
// each sample. Milliseconds over jwt-decode's sample of the same round.
import type { Browser } from 'playwright-core';
import { makeToken } from '../lane/tokens.ts';
import type { PageServer } from './page_server.ts';
import { type Spread, spreadOf } from './quartiles.ts';
import { decoderModules } from './sizes.ts';

const BASE = 'jwt-decode';

export interface StartUp {
  readonly name: string;
  readonly milliseconds: Spread;
  readonly over: Spread;
}

interface Decoder {
  readonly decode: (token: string) => unknown;
}

/** In a browser that has run for a while: its own start is none of theirs. */
export async function startUps(
  browser: Browser,
  server: PageServer,
  rounds: number,
): Promise<readonly StartUp[]> {
  const paths = new Map<string, string>();
  for (const [name, module] of await decoderModules()) {
    const path = `/start/${paths.size}.js`;
    server.put(path, module);
    paths.set(name, path);
  }
  const samples = new Map<string, number[]>([...paths].map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, path] of paths) {
      samples.get(name)?.push(await sample(browser, server.origin, path, round + 1));
    }
  }
  const base = samples.get(BASE) ?? [];
  return [...samples].map(([name, own]) => ({
    name,
    milliseconds: spreadOf(own),
    over: spreadOf(own.map((value, round) => value - (base[round] ?? NaN))),
  }));
}

async function sample(
  browser: Browser,
  origin: string,
  path: string,
  serial: number,
): Promise<number> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(`${origin}/page/`);
    return await page.evaluate(
      async ({ path, token }) => {
        const begin = performance.now();
        const { decode } = (await import(path)) as Decoder;
        decode(token);
        return performance.now() - begin;
      },
      { path, token: makeToken({ bytes: 1000, serial }) },
    );
  } finally {
    await context.close();
  }
}
