import type { RequestHandler } from 'express';
import helmet from 'helmet';
import type { Settings } from './settings.ts';

/** The security headers of every answer, the page's included. */
export function securityHeaders(settings: Settings, allowWasm: boolean): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // The core is WebAssembly; `wasm-unsafe-eval` allows that and no eval (CSP 3 §4.4).
        // Without it the package loads its core as JavaScript.
        scriptSrc: ["'self'", ...(allowWasm ? ["'wasm-unsafe-eval'"] : [])],
        connectSrc: ["'self'", ...settings.connectOrigins],
        imgSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // This server speaks plain HTTP, on localhost as a rule: a browser that remembered
    // "HTTPS only" for localhost would lock out every other project there. TLS and HSTS belong
    // to the proxy in front.
    strictTransportSecurity: false,
    // For browsers that do not know frame-ancestors: the same.
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
  });
}

/** Tokens and what they open are never cached (RFC 6749 §5.1, which asks for both headers). */
export const noStore: RequestHandler = (_request, response, next) => {
  response.set({ 'Cache-Control': 'no-store', Pragma: 'no-cache' });
  next();
};
