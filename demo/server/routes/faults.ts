import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestHandler } from 'express';
import type { Context } from '../context.ts';
import type { Fault } from '../demo_aids.ts';
import { HttpError, invalidGrant } from '../errors.ts';

/** Stands before every refresh: counts it, and in demo mode lets it fail in the way that was asked for. */
export function refreshFaults(context: Context): RequestHandler {
  const fail = failing(() => context.aids.takeFault('refresh'));
  return (request, response, next) => {
    context.aids.stats.refreshRequests += 1;
    return fail(request, response, next);
  };
}

/** The same before /api, in demo mode. */
export function apiFaults(context: Context): RequestHandler {
  return failing(() => context.aids.takeFault('api'));
}

function failing(take: () => Fault): RequestHandler {
  return async (request, response, next) => {
    const fault = take();
    if (fault.delayMs > 0) await sleep(fault.delayMs);
    switch (fault.kind) {
      case 'none':
        next();
        return;
      case '503':
        throw new HttpError(503, 'temporarily_unavailable', 'A fault that was asked for');
      case 'html':
        // What a captive portal or a misled proxy says.
        response
          .type('html')
          .send('<!doctype html><title>Welcome</title><p>Please sign in to the network.');
        return;
      case 'redirect':
        // What a gateway does that has a sign-in page of its own.
        response.redirect('/');
        return;
      case 'invalid_grant':
        throw invalidGrant();
      case 'drop':
        request.socket.destroy();
        return;
      case 'drop_after':
        // The work is done and the answer lost: after a refresh the client still holds the old token.
        response.end = () => {
          request.socket.destroy();
          return response;
        };
        next();
        return;
    }
  };
}
