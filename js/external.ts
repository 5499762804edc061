/**
 * The core as a file of its own, which is compiled while it comes and stays in the browser's cache, or
 * as whatever the app hands over to {@link init}. All else is as in `bearerkit`.
 * @module bearerkit/external
 */
import { Client } from './client.ts';
import { currentCore, loadTwin, startCore, startWasm, type Core, type CoreSource } from './core.ts';
import type * as Main from './index.ts';
import { claimsOf, headerOf, inspect, isPast } from './jwt.ts';
import type { Twin } from './types.ts';
import { attempt, hasMethod } from './values.ts';

export * from './common.ts';

/**
 * What the core can be made of: a compiled module (edge runtimes give one for
 * `import core from 'bearerkit/bearerkit.wasm'`), its bytes, a Response with them, or a URL to fetch;
 * or the twin in JavaScript, `import twin from 'bearerkit/twin'`.
 */
export type CoreInput = WebAssembly.Module | BufferSource | Response | string | URL | Twin;

let loading: Promise<Core> | undefined;

/**
 * Loads the core. Not needed where `bearerkit.wasm` stands beside this file, as it does in the
 * package and in what bundlers make of it: then it is fetched at the first use.
 * A compiled module and the twin are started before the call returns.
 *
 * Whatever cannot be had or run is replaced by the twin. Without effect where the core has been
 * started already: call it before all else.
 *
 * @param input if left out, the file beside this one
 * @throws {AuthError} `core_failed` where the twin cannot be loaded, either; the next call tries again
 */
export async function init(input?: CoreInput | Promise<CoreInput>): Promise<void> {
  await load(input);
}

/**
 * Resolves when the synchronous functions can be used; loads the core where that has not begun.
 * @throws {AuthError} `core_failed` where the core cannot be loaded
 */
export async function ready(): Promise<void> {
  await externalCore();
}

/** As in `bearerkit`. Starts as soon as the core is loaded, and calls wait for that (F8). */
export const createAuthClient: typeof Main.createAuthClient = (options) =>
  new Client(externalCore, options);

/** As in `bearerkit`. @throws {AuthError} `core_not_ready` before {@link ready} */
export const decodeJwt: typeof Main.decodeJwt = (token) => claimsOf(externalCore, token);

/** As in `bearerkit`. @throws {AuthError} `core_not_ready` before {@link ready} */
export const decodeProtectedHeader: typeof Main.decodeProtectedHeader = (token) =>
  headerOf(externalCore, token);

/** As in `bearerkit`, with the error `core_not_ready` before {@link ready}. */
export const inspectJwt: typeof Main.inspectJwt = (token) => inspect(externalCore, token);

/** As in `bearerkit`. @throws {AuthError} `core_not_ready` before {@link ready} */
export const isExpired: typeof Main.isExpired = (token, options) =>
  isPast(externalCore, token, options);

const externalCore: CoreSource = () => load();

/** Without input the file beside this one. */
function load(input?: CoreInput | Promise<CoreInput>): Core | Promise<Core> {
  const started = currentCore() ?? (isStartable(input) ? attempt(() => start(input)) : undefined);
  if (started !== undefined) return started;
  if (loading === undefined) {
    loading = fetchAndStart(input);
    // Not everybody waits for it, and the next call tries again.
    loading.catch(() => {
      loading = undefined;
    });
  }
  return loading;
}

async function fetchAndStart(input?: CoreInput | Promise<CoreInput>): Promise<Core> {
  try {
    const core = start(await toStartable(input));
    if (core !== undefined) return core;
  } catch {
    // The twin does as well.
  }
  return currentCore() ?? loadTwin();
}

type Startable = WebAssembly.Module | Twin;

async function toStartable(input?: CoreInput | Promise<CoreInput>): Promise<Startable> {
  // Only when it is asked for: a bundle for the edge has no `import.meta.url`.
  const given = (await input) ?? new URL('./bearerkit.wasm', import.meta.url);
  if (isStartable(given)) return given;
  const source = typeof given === 'string' || 'href' in given ? await fetch(given) : given;
  if (!isResponse(source)) return WebAssembly.compile(source);
  // Compiling while it comes is for answers of the right type only, and not in every engine.
  return source.headers.get('content-type') === 'application/wasm' &&
    hasMethod(WebAssembly, 'compileStreaming')
    ? WebAssembly.compileStreaming(source)
    : WebAssembly.compile(await source.arrayBuffer());
}

function start(input: Startable): Core | undefined {
  return isTwin(input) ? startCore(input, 'js') : startWasm(() => input);
}

// By the tag: there may be no WebAssembly.
function isStartable(input: unknown): input is Startable {
  return isTwin(input) || Object.prototype.toString.call(input) === '[object WebAssembly.Module]';
}

function isTwin(input: unknown): input is Twin {
  return hasMethod(input, 'bearerkit_input');
}

function isResponse(source: BufferSource | Response): source is Response {
  return hasMethod(source, 'arrayBuffer');
}
