// The same runtime with nothing prepared: the core is refused as WebAssembly.
import { createAuthClient, decodeJwt, ready } from 'bearerkit';
import { answerWith } from './edge.js';

export default answerWith({ createAuthClient, decodeJwt, ready });
