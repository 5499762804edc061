// The core: WebAssembly, or without it the JavaScript build, made from the very same
// module (P2). One for all clients of a page, whichever entry of the package they came from.
import { ABI_VERSION } from '#generated/abi';

import type { CoreExports } from './core_exports.ts';
import { AuthError } from '../errors.ts';
import { openMemory, type Memory } from './memory.ts';
import type { Engine, JavaScriptBuild, JavaScriptSource } from '../types.ts';
import { nothing } from '../values.ts';

export interface Core {
  readonly exports: CoreExports;
  readonly memory: Memory;
}

/** Where an entry of the package has the core from: at once, or by and by. */
export type CoreSource = () => Core | Promise<Core>;

/** What a module exports, be it WebAssembly or JavaScript. */
type ModuleExports = CoreExports & {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Runs the constructors of C++. */
  readonly _initialize?: () => void;
};

let core: Core | undefined;
let javascript: Promise<Core> | undefined;
let refused = false;
let source: JavaScriptSource = async () => (await import('../beside.ts')).javascriptBesideThis();

/** What the core is, or will be: `wasm` until that has failed. */
export let engine: Engine = 'wasm';

/** Undefined while there is none. */
export function currentCore(): Core | undefined {
  return core;
}

/** @throws {AuthError} `core_failed` for a module of another version, as a cache may hold one */
export function startCore(module: JavaScriptBuild, by: Engine): Core {
  // A copy: what WebAssembly exports is slow to look up.
  const exports = { ...(module as ModuleExports) };
  exports._initialize?.();
  if (exports.bearerkit_abi_version() !== ABI_VERSION) throw new AuthError('core_failed');
  engine = by;
  const memory = openMemory(exports.memory, exports.bearerkit_input, by === 'wasm');
  return (core = { exports, memory });
}

/**
 * Undefined where there is no WebAssembly. Only instantiating shows that: under some policies WebKit
 * compiles a module and then refuses to run it. Tried once: browsers report each attempt.
 */
export function startWasm(compile: () => WebAssembly.Module): Core | undefined {
  if (refused) return undefined;
  try {
    // It imports nothing, see bindings/wasm_libc.cpp.
    const { exports } = new WebAssembly.Instance(compile());
    return startCore(exports as unknown as JavaScriptBuild, 'wasm');
  } catch {
    refused = true;
    return undefined;
  }
}

/**
 * Says how to load the JavaScript build of the core, where there is no WebAssembly. It has no other
 * effect: where there is WebAssembly, `load` is never called.
 *
 * Not needed without a bundler, and with Vite, webpack, Parcel and Next: the package finds the file by
 * itself. Rollup and esbuild do not copy it. Call this as your app starts.
 *
 * @param load how your app loads it; a bundler that splits code makes a file of its own of it
 * @example
 * useJavaScriptBuild(() => import('bearerkit/javascript'));
 */
export function useJavaScriptBuild(load: JavaScriptSource): void {
  source = load;
}

/** Rejects with `core_failed` where it cannot be loaded; the next call tries again. */
export function loadJavaScriptBuild(): Promise<Core> {
  engine = 'js';
  if (javascript === undefined) {
    javascript = startJavaScriptBuild();
    // Not everybody waits for it.
    javascript.catch(nothing);
  }
  return javascript;
}

async function startJavaScriptBuild(): Promise<Core> {
  let module;
  try {
    // An app's modules run one after the other: all have, when this goes on.
    await Promise.resolve();
    module = await source();
  } catch {
    javascript = undefined;
    throw new AuthError('core_failed');
  }
  return core ?? startCore(module.default, 'js');
}

/**
 * For what cannot wait.
 * @throws {AuthError} `core_not_ready` where the core has yet to be loaded, which has begun now
 */
export function requireCore(source: CoreSource): Core {
  const found = source();
  if (found instanceof Promise) throw new AuthError('core_not_ready');
  return found;
}
