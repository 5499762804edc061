// twin.js is made by the build from the WebAssembly module, see scripts/build/twin.mjs.
import type { Twin } from './types.ts';

/** The core as JavaScript, for `init` of `bearerkit/external`. */
declare const twin: Twin;
export default twin;
