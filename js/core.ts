// Starts the core: WebAssembly inlined in the package, instantiated by hand, at first use.
//
// The seam for engines without WebAssembly (P2): the same core as JavaScript would be loaded by
// ready() in ready.ts, which is why that gives a promise, and loadCore() would then give what it loaded.
import { ABI_VERSION } from '#generated/abi';
import { wasmBytes } from '#generated/wasm_inline';

import type { CoreExports } from './core_exports.ts';
import { AuthError } from './errors.ts';
import { openMemory, type Memory } from './memory.ts';

export interface Core {
  readonly exports: CoreExports;
  readonly memory: Memory;
}

let core: Core | undefined;

/**
 * The core, started at the first call. Synchronous, and about a millisecond.
 * @throws {AuthError} `core_failed` where WebAssembly is not to be had.
 */
export function loadCore(): Core {
  return (core ??= startCore());
}

type ModuleExports = CoreExports & {
  readonly memory: WebAssembly.Memory;
  /** Runs the constructors of C++. */
  readonly _initialize?: () => void;
};

// Told by instantiating: under some policies WebKit compiles a module and then refuses to run it.
function startCore(): Core {
  try {
    const module = new WebAssembly.Module(wasmBytes());
    const instance = new WebAssembly.Instance(module, imports(module));
    const exports = instance.exports as ModuleExports;
    exports._initialize?.();
    if (exports.bearerkit_abi_version() === ABI_VERSION) {
      return { exports, memory: openMemory(exports.memory, exports.bearerkit_input) };
    }
  } catch {
    // Told below.
  }
  throw new AuthError('core_failed');
}

// The core does no I/O. What a toolchain's runtime imports all the same (a notice that memory grew,
// an exit that is never taken) does nothing here.
function imports(module: WebAssembly.Module): WebAssembly.Imports {
  const all: WebAssembly.Imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    (all[from] ??= {})[name] = () => 0;
  }
  return all;
}
