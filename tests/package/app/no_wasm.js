// To be preloaded: no WebAssembly for the app. Node's fetch is made of it, and takes its own at the first call.
import process from 'node:process';

await (await fetch(process.argv[2] ?? '')).text();
Reflect.deleteProperty(globalThis, 'WebAssembly');
