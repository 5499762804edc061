// A tRPC server that looks at the token once for the whole request, in createContext.
import { initTRPC, TRPCError } from '@trpc/server';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';

import type { AuthServer } from '../../js/support/auth_server.ts';
import { bearerOf, fetchRoute } from './fetch_route.ts';

interface Context {
  readonly generation: number;
}

const t = initTRPC.context<Context>().create();

function text(value: unknown): string {
  if (typeof value !== 'string') throw new TRPCError({ code: 'BAD_REQUEST' });
  return value;
}

export const appRouter = t.router({
  generation: t.procedure.query(({ ctx }) => ctx.generation),
  /** Refuses by itself, whatever the token. */
  refused: t.procedure.query((): string => {
    throw new TRPCError({ code: 'UNAUTHORIZED' });
  }),
  addNote: t.procedure.input(text).mutation(({ input }) => input),
});

export type AppRouter = typeof appRouter;

export function addTrpc(server: AuthServer): string {
  server.route(
    '/api/trpc/',
    fetchRoute((req) =>
      fetchRequestHandler({
        endpoint: '/api/trpc',
        req,
        router: appRouter,
        createContext: (): Context => {
          const generation = server.generationOf(bearerOf(req));
          if (generation === undefined) throw new TRPCError({ code: 'UNAUTHORIZED' });
          return { generation };
        },
      }),
    ),
  );
  return server.url('/api/trpc');
}
