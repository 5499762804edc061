// The same runtime with nothing prepared: the core is refused as WebAssembly.
import { createAuthClient, decodeJwt, ready, useJavaScriptBuild } from 'bearerkit';
import { answerWith } from './edge.js';

// All of it in one file.
useJavaScriptBuild(() => import('bearerkit/javascript'));

export default answerWith({ createAuthClient, decodeJwt, ready });
