import { Router } from 'express';
import type { Request, RequestHandler } from 'express';
import { parseCookie } from 'cookie';
import { z } from 'zod';
import type { Blocklist, Costs, DemoSettings } from '../../answers.ts';
import { signAccessToken } from '../access_tokens.ts';
import type { Context } from '../context.ts';
import { measureCosts } from '../costs.ts';
import { API_FAULTS, type Fault, REFRESH_FAULTS } from '../demo_aids.ts';
import { HttpError, refusalOf } from '../errors.ts';
import { storyOf } from '../families.ts';
import { principalOf, requireAuth } from '../require_auth.ts';
import { listBlocklist } from '../revocation.ts';
import { jsonBody } from './bodies.ts';
import { endpoint, partOf } from './endpoint.ts';

const MOST_DELAY_MS = 30_000;

const faults = z
  .strictObject({
    refresh: z.enum(REFRESH_FAULTS).optional(),
    api: z.enum(API_FAULTS).optional(),
    times: z.int().min(0).max(1_000_000).default(1),
    delayMs: z.int().min(0).max(MOST_DELAY_MS).default(0),
  })
  .refine(({ refresh, api }) => refresh !== undefined || api !== undefined);

const changedRules = z.strictObject({
  accessTokenSeconds: z.int().min(1).max(86_400).optional(),
  refreshGraceSeconds: z.int().min(0).max(3600).optional(),
  blocklist: z.boolean().optional(),
});

/** What lets a visitor see and change how the server works; only in demo mode, since anybody may. */
export function demoRoutes(context: Context): Router {
  const router = Router();
  const { aids, rules } = context;

  endpoint(router, '/demo/stats', {
    get: (_request, response) => {
      response.json(aids.stats);
    },
  });

  endpoint(router, '/demo/reset-stats', {
    post: (_request, response) => {
      aids.resetStats();
      response.status(204).end();
    },
  });

  endpoint(router, '/demo/faults', {
    post: [
      ...jsonBody,
      (request, response) => {
        const { refresh, api, times, delayMs } = faults.parse(request.body);
        const fault = (kind: Fault['kind']): Fault => ({ kind, times, delayMs });
        if (refresh !== undefined) aids.setFault('refresh', fault(refresh));
        if (api !== undefined) aids.setFault('api', fault(api));
        response.status(204).end();
      },
    ],
  });

  endpoint(router, '/demo/settings', {
    get: (request, response) => {
      response.json({
        ...rules,
        algorithm: context.settings.jwtAlgorithm,
        attackerOrigin: attackerOriginFor(request, context.attackerPort),
        withoutWasm: '/without-wasm/',
      } satisfies DemoSettings);
    },
    post: [
      ...jsonBody,
      (request, response) => {
        const { accessTokenSeconds, refreshGraceSeconds, blocklist } = changedRules.parse(
          request.body,
        );
        rules.accessTokenSeconds = accessTokenSeconds ?? rules.accessTokenSeconds;
        rules.refreshGraceSeconds = refreshGraceSeconds ?? rules.refreshGraceSeconds;
        rules.blocklist = blocklist ?? rules.blocklist;
        response.status(204).end();
      },
    ],
  });

  endpoint(router, '/demo/families/:sid', {
    get: async (request, response) => {
      const id = partOf(request.params['sid']);
      const { refreshGraceSeconds } = rules;
      const story = await storyOf(context.database, id, context.clock(), refreshGraceSeconds);
      if (story === undefined) throw new HttpError(404, 'not_found', 'There is no such session');
      response.json(story);
    },
  });

  endpoint(router, '/demo/blocklist', {
    get: async (_request, response) => {
      const now = context.clock();
      const rows = await listBlocklist(context.database, now);
      response.json({ now, rows } satisfies Blocklist);
    },
  });

  let measuring: Promise<Costs> | undefined;
  endpoint(router, '/demo/costs', {
    get: async (_request, response) => {
      // One at a time: two would measure each other.
      measuring ??= measureCosts(context).finally(() => {
        measuring = undefined;
      });
      response.json(await measuring);
    },
  });

  endpoint(router, '/demo/expired-token', {
    post: [
      requireAuth(context),
      async (request, response) => {
        const { sub, email, name, role, sid } = principalOf(request);
        const life = rules.accessTokenSeconds;
        const issuedAt = context.clock() - (life + 60) * 1000;
        const user = { id: sub, email, name, role };
        response.json({
          accessToken: await signAccessToken(context.keyRing, user, sid, issuedAt, life),
        });
      },
    ],
  });

  endpoint(router, '/demo/cross-site', {
    get: (_request, response) => {
      response.json({ rows: aids.crossSite });
    },
  });

  return router;
}

/** The other name of this machine: to a browser it is another site (attacker.ts). */
function attackerOriginFor(request: Request, port: number | undefined): string | null {
  const others: Record<string, string> = { localhost: '127.0.0.1', '127.0.0.1': 'localhost' };
  const other = others[request.hostname];
  return port === undefined || other === undefined ? null : `http://${other}:${port}`;
}

/** Keeps what other sites make a browser send here, and which check has refused it. */
export function watchCrossSite(context: Context): RequestHandler {
  return (request, response, next) => {
    const secFetchSite = request.get('Sec-Fetch-Site') ?? null;
    if (secFetchSite === 'cross-site' && !['GET', 'HEAD', 'OPTIONS'].includes(request.method)) {
      const { method, path } = request;
      response.once('finish', () => {
        context.aids.noteCrossSite({
          at: context.clock(),
          method,
          path,
          origin: request.get('Origin') ?? null,
          secFetchSite,
          cookies: Object.keys(parseCookie(request.get('Cookie') ?? '')),
          status: response.statusCode,
          refusal: refusalOf(response) ?? null,
        });
      });
    }
    next();
  };
}

/**
 * `?delayMs=` on an /api route holds the answer back after it was decided: that is how a 401 comes
 * late, for a token that has been replaced meanwhile.
 */
export const delayedAnswers: RequestHandler = (request, response, next) => {
  const delay = Number(request.query['delayMs'] ?? 0);
  if (Number.isInteger(delay) && delay > 0 && delay <= MOST_DELAY_MS) {
    const json = response.json.bind(response);
    response.json = (body: unknown) => {
      setTimeout(() => json(body), delay);
      return response;
    };
  }
  next();
};
