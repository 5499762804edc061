import { existsSync } from 'node:fs';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { accessLog } from './access_log.ts';
import type { Context } from './context.ts';
import { cors } from './cors.ts';
import type { Database } from './database.ts';
import { DemoAids } from './demo_aids.ts';
import { errorHandler, invalidRequest, notFound } from './errors.ts';
import { noStore, securityHeaders } from './headers.ts';
import { HashingQueue } from './hashing_queue.ts';
import { KeyRing } from './key_ring.ts';
import type { Keys } from './keys.ts';
import { loginLimit } from './rate_limit.ts';
import { accountRoutes } from './routes/account.ts';
import { adminRoutes } from './routes/admin.ts';
import { apiRoutes } from './routes/api.ts';
import { authRoutes } from './routes/auth.ts';
import { cookieRoutes } from './routes/cookie.ts';
import { delayedAnswers, demoRoutes, watchCrossSite } from './routes/demo.ts';
import { apiFaults } from './routes/faults.ts';
import { healthRoutes } from './routes/health.ts';
import { oauthRoutes } from './routes/oauth.ts';
import { sendOAuthError } from './routes/token_endpoint.ts';
import { wellKnownRoutes } from './routes/well_known.ts';
import type { Settings } from './settings.ts';

export interface AppOptions {
  readonly settings: Settings;
  /** Open, with its schema up to date; whoever opened it closes it. */
  readonly database: Database;
  readonly keys: Keys;
  /** Milliseconds since the epoch; a test's own, or the system's. */
  readonly clock?: () => number;
  /** Where log lines go; nowhere unless given. */
  readonly log?: (line: string) => void;
  /** Where the demo's attacker listens. */
  readonly attackerPort?: number;
}

/** The whole server as a request handler, without a port of its own. */
export function createApp(options: AppOptions): Express {
  const context = contextOf(options);
  const { settings } = context;

  const app = express();
  app.set('trust proxy', settings.trustProxy);
  // Answers are made for one request and not stored: a tag to compare them by has no use.
  app.set('etag', false);

  if (settings.accessLog) app.use(accessLog(context));
  app.use(securityHeaders(settings, settings.allowWasm), cors(settings), noNul);

  // Files first: they are public, and the page needs no `no-store`.
  app.use(files(settings.staticDir));
  // The same page once more, where its policy takes WebAssembly away.
  app.use('/without-wasm', securityHeaders(settings, false), files(settings.staticDir));
  app.use('/bearerkit', files(settings.packageDir));

  app.use(noStore);
  app.use(healthRoutes(context));
  app.use(wellKnownRoutes(context));
  if (settings.demo) {
    app.use(watchCrossSite(context));
    app.use(demoRoutes(context));
    app.use('/api', delayedAnswers, apiFaults(context));
  }
  const limit = loginLimit(context);
  app.use(authRoutes(context, limit));
  app.use(oauthRoutes(context, limit));
  app.use(cookieRoutes(context, limit));
  app.use(apiRoutes(context));
  app.use(accountRoutes(context, limit));
  app.use(adminRoutes(context));

  app.use(notFound);
  app.use(oauthErrors, errorHandler(context));
  return app;
}

function contextOf(options: AppOptions): Context {
  const { settings, database, keys, clock = Date.now, log = () => {}, attackerPort } = options;
  const { accessTokenSeconds, refreshGraceSeconds } = settings;
  return {
    settings,
    database,
    keys,
    keyRing: new KeyRing(database, keys.signingKeySeal, settings.jwtAlgorithm, clock),
    hashing: new HashingQueue(settings.hashesAtOnce, settings.hashesWaiting),
    rules: { accessTokenSeconds, refreshGraceSeconds, blocklist: true },
    clock,
    log,
    aids: new DemoAids(),
    attackerPort,
  };
}

/** No path of ours has one, and no database takes one. */
const noNul: RequestHandler = (request, _response, next) => {
  if (request.path.includes('%00')) throw invalidRequest('The request is malformed');
  next();
};

const oauthErrors: ErrorRequestHandler = (error: unknown, request, response, next) => {
  if (!sendOAuthError(request, response, error)) next(error);
};

function files(folder: string): RequestHandler {
  if (!existsSync(folder)) return (_request, _response, next) => next();
  // `no-cache` means "ask first": after a rebuild a reload shows the new files.
  return express.static(folder, {
    cacheControl: false,
    setHeaders: (res) => res.setHeader('Cache-Control', 'no-cache'),
  });
}
