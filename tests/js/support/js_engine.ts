// To be preloaded: the core finds no WebAssembly, and starts as its twin in JavaScript. Others get
// their WebAssembly back: Node's fetch and the embedded database are made of it.
import { createAuthClient, ready } from 'bearerkit';

const { WebAssembly } = globalThis;
Reflect.deleteProperty(globalThis, 'WebAssembly');
// What the tests expect of WebAssembly is to hold for the twin once it is there.
await ready();
globalThis.WebAssembly = WebAssembly;

const client = createAuthClient();
if (client.engine !== 'js') throw new Error('The core has found WebAssembly');
client.close();
