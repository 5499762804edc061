// bearerkit.wasm, as edge runtimes import it.

/** The core, compiled, for `init` of `bearerkit/external`. */
declare const core: WebAssembly.Module;
export default core;
