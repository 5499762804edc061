// The fetchWithAuth of auth0-spa-js, with a token that is there: its own way to one needs a page that has
// signed in. After a 401 it does nothing, and it exports no decoder: such rows are not its own.
import { Auth0Client } from '@auth0/auth0-spa-js';
import type { Subject } from './subject.ts';

export const subject: Subject = {
  fetcher: async ({ fetch, refresh }) => {
    const { access_token } = await refresh();
    const client = new Auth0Client({ domain: 'id.example.com', clientId: 'bench' });
    const api = client.createFetcher({ fetch, getAccessToken: async () => access_token });
    return (input, init) => api.fetchWithAuth(input, init);
  },
};
