// The core of the main entry: WebAssembly inlined in the package, so that `import` needs no
// configuration and the synchronous functions work at once. About a millisecond at first use.
import { wasmBytes } from '#generated/wasm_inline';

import { currentCore, loadJavaScriptBuild, startWasm, type CoreSource } from './loader.ts';

export const inlineCore: CoreSource = () =>
  currentCore() ?? startWasm(() => new WebAssembly.Module(wasmBytes())) ?? loadJavaScriptBuild();
