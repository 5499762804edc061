// To be preloaded: the core finds no WebAssembly, and the JavaScript build starts. Others get
// their WebAssembly back: Node's fetch and the embedded database are made of it.
import { createAuthClient, ready } from 'bearerkit';

const { WebAssembly } = globalThis;
Reflect.deleteProperty(globalThis, 'WebAssembly');
// What the tests expect of WebAssembly is to hold for the JavaScript build once it is there.
await ready();
globalThis.WebAssembly = WebAssembly;

const client = createAuthClient();
if (client.engine !== 'js') throw new Error('The core has found WebAssembly');
client.close();
