// axios with axios-auth-refresh. axios takes no Request: such rows are not its own.
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
    createAuthRefresh(api, async () => {
      ({ access_token: token } = await refresh());
    });
    return (input) => api.get(input as string);
  },
};
