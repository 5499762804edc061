// An edge runtime that compiles no WebAssembly, and gives what was compiled before as a module.
import { createAuthClient, decodeJwt, init, ready } from 'bearerkit/external';
import core from 'bearerkit/bearerkit.wasm';
import { answerWith } from './edge.js';

void init(core);

export default answerWith({ createAuthClient, decodeJwt, ready });
