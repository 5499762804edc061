import ky from 'ky';
import type { Subject } from './subject.ts';

export const subject: Subject = {
  fetcher: async ({ fetch, refresh }) => {
    let { access_token: token } = await refresh();
    let refreshing: Promise<void> | undefined;
    const renew = async (): Promise<void> => {
      ({ access_token: token } = await refresh());
      refreshing = undefined;
    };
    return ky.create({
      fetch,
      throwHttpErrors: false,
      timeout: false,
      retry: 0,
      hooks: {
        beforeRequest: [({ request }) => request.headers.set('Authorization', `Bearer ${token}`)],
        afterResponse: [
          async ({ request, response }) => {
            if (response.status !== 401) return response;
            await (refreshing ??= renew());
            request.headers.set('Authorization', `Bearer ${token}`);
            return fetch(request);
          },
        ],
      },
    });
  },
};
