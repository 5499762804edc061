/**
 * The core in a separate file, or from the app by {@link init}. The browser compiles the file while
 * it downloads, and caches it. Everything else is as in `bearerkit`.
 * @module bearerkit/external
 */
import { newClient } from './client/client.ts';
import {
  currentCore,
  loadJavaScriptBuild,
  startCore,
  startWasm,
  type Core,
  type CoreSource,
} from './core/loader.ts';
import type * as Main from './index.ts';
import { claimsOf, headerOf, inspect, isPast } from './core/jwt.ts';
import type { JavaScriptBuild } from './types.ts';
import { attempt, hasMethod } from './values.ts';

export * from './common.ts';

/**
 * A source of the core: a compiled module (edge runtimes give one for
 * `import core from 'bearerkit/bearerkit.wasm'`), its bytes, a Response with them, or a URL to fetch;
 * or the JavaScript build, `import javascript from 'bearerkit/javascript'`.
 */
export type CoreInput =
  WebAssembly.Module | BufferSource | Response | string | URL | JavaScriptBuild;

let loading: Promise<Core> | undefined;

/**
 * Loads the core. Not needed if `bearerkit.wasm` is beside this file, as in the package and in the
 * output of bundlers: the file is then fetched at the first use. A compiled module and the
 * JavaScript build are started before the call returns.
 *
 * If the core cannot load or run, the JavaScript build is used. Call it first: it has no effect once
 * the core is started.
 *
 * @param input default: the file beside this one
 * @throws {AuthError} `core_failed` if the JavaScript build cannot be loaded either; the next call
 *   tries again
 */
export async function init(input?: CoreInput | Promise<CoreInput>): Promise<void> {
  await load(input);
}

/**
 * Resolves when the synchronous functions can be used. Loads the core if that has not begun.
 * @throws {AuthError} `core_failed` where the core cannot be loaded
 */
export async function ready(): Promise<void> {
  await externalCore();
}

/**
 * As in `bearerkit`. It starts as soon as the core is loaded, and calls wait for that
 * ([F8](../docs/RULES.md#f8)).
 */
export const createAuthClient: typeof Main.createAuthClient = (options) =>
  newClient(externalCore, options);

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

/** Without input it loads the file beside this one. */
function load(input?: CoreInput | Promise<CoreInput>): Core | Promise<Core> {
  const started = currentCore() ?? (isStartable(input) ? attempt(() => start(input)) : undefined);
  if (started !== undefined) return started;
  if (loading === undefined) {
    loading = fetchAndStart(input);
    // Perhaps nobody waits for it: no unhandled rejection. The next call tries again.
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
    // The JavaScript build works as well.
  }
  return currentCore() ?? loadJavaScriptBuild();
}

type Startable = WebAssembly.Module | JavaScriptBuild;

async function toStartable(input?: CoreInput | Promise<CoreInput>): Promise<Startable> {
  // Read only when needed: a bundle for an edge runtime has no `import.meta.url`.
  const given = (await input) ?? new URL('./bearerkit.wasm', import.meta.url);
  if (isStartable(given)) return given;
  const source = typeof given === 'string' || 'href' in given ? await fetch(given) : given;
  if (!isResponse(source)) return WebAssembly.compile(source);
  // compileStreaming needs the right content type, and not every engine has it.
  return source.headers.get('content-type') === 'application/wasm' &&
    hasMethod(WebAssembly, 'compileStreaming')
    ? WebAssembly.compileStreaming(source)
    : WebAssembly.compile(await source.arrayBuffer());
}

function start(input: Startable): Core | undefined {
  return isJavaScriptBuild(input) ? startCore(input, 'js') : startWasm(() => input);
}

// Checks the tag, since `WebAssembly` may not exist.
function isStartable(input: unknown): input is Startable {
  return (
    isJavaScriptBuild(input) ||
    Object.prototype.toString.call(input) === '[object WebAssembly.Module]'
  );
}

function isJavaScriptBuild(input: unknown): input is JavaScriptBuild {
  return hasMethod(input, 'bearerkit_input');
}

function isResponse(source: BufferSource | Response): source is Response {
  return hasMethod(source, 'arrayBuffer');
}
