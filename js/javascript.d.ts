// javascript.js is made by the build from the WebAssembly module, see scripts/build/javascript.mjs.
import type { JavaScriptBuild } from './types.ts';

/** The core as JavaScript, for `init` of `bearerkit/external`. */
declare const javascript: JavaScriptBuild;
export default javascript;
