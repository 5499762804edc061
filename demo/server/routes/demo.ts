import { Router } from 'express';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { REFRESH_FAULTS } from '../demo_aids.ts';
import { jsonBody } from './bodies.ts';

const MOST_DELAY_MS = 30_000;

const fault = z.strictObject({
  refresh: z.enum(REFRESH_FAULTS),
  times: z.int().min(0).max(1_000_000).default(1),
  delayMs: z.int().min(0).max(MOST_DELAY_MS).default(0),
});

/** Counters and faults; only in demo mode, since anybody may set them. */
export function demoRoutes(context: Context): Router {
  const router = Router();

  router.get('/demo/stats', (_request, response) => {
    response.json(context.aids.stats);
  });

  router.post('/demo/reset-stats', (_request, response) => {
    context.aids.resetStats();
    response.status(204).end();
  });

  router.post('/demo/faults', jsonBody, (request, response) => {
    context.aids.setFault(fault.parse(request.body));
    response.status(204).end();
  });

  return router;
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
