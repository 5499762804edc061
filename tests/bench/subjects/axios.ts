// axios with axios-auth-refresh. axios takes no Request: that row is not its own.
import axios from 'axios';
import { createAuthRefresh } from 'axios-auth-refresh';
import type { Subject } from './subject.ts';

export const subject: Subject = {
  fetcher: async ({ fetch, refresh }) => {
    let { access_token: token } = await refresh();
    const api = axios.create({ adapter: 'fetch', env: { fetch } });
    api.interceptors.request.use((config) => {
      config.headers.set('Authorization', `Bearer ${token}`);
      return config;
    });
    const renew = async (): Promise<void> => {
      ({ access_token: token } = await refresh());
    };
    // As it is by default, one of a hundred calls that are refused together is sent again, and the others
    // fail. So they share one refresh, too.
    createAuthRefresh(api, renew, { deduplicateRefresh: false });
    return (input, init) =>
      api.request({
        url: input as string,
        method: init?.method,
        data: init?.body,
        headers: init?.headers && Object.fromEntries(init.headers as Headers),
      });
  },
};
