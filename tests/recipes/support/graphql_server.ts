// A GraphQL server by graphql-http: who has no good token gets a 401 before anything is executed.
import { buildSchema } from 'graphql';
import { createHandler } from 'graphql-http/lib/use/fetch';

import { type AuthServer, UNAUTHORIZED_BODY } from '../../js/support/auth_server.ts';
import { bearerOf, fetchRoute } from './fetch_route.ts';

const schema = buildSchema(`
  type Query { me: User }
  type User { id: ID!, name: String! }
  type Mutation { addNote(text: String!): String }
`);

const rootValue = {
  me: () => ({ id: '1', name: 'Ada' }),
  addNote: ({ text }: { text: string }) => text,
};

export function addGraphql(server: AuthServer): string {
  const handle = createHandler({
    schema,
    rootValue,
    context: ({ raw }) =>
      server.generationOf(bearerOf(raw)) === undefined
        ? [
            UNAUTHORIZED_BODY,
            {
              status: 401,
              statusText: 'Unauthorized',
              headers: { 'content-type': 'application/json' },
            },
          ]
        : {},
  });
  server.route('/api/graphql', fetchRoute(handle));
  return server.url('/api/graphql');
}
