// The lines that lessons teach: attach the token, refresh after a 401, send once more.
import type { Subject } from './subject.ts';

export const subject: Subject = {
  fetcher: async ({ fetch, refresh }) => {
    let { access_token: token } = await refresh();
    let refreshing: Promise<void> | undefined;

    const send = (input: string | Request, init?: RequestInit): Promise<Response> => {
      const headers = new Headers(init?.headers ?? (input as Partial<Request>).headers);
      headers.set('Authorization', `Bearer ${token}`);
      return fetch(input, { ...init, headers });
    };
    const renew = async (): Promise<void> => {
      ({ access_token: token } = await refresh());
      refreshing = undefined;
    };
    return async (input, init) => {
      const response = await send(input, init);
      if (response.status !== 401) return response;
      await (refreshing ??= renew());
      return send(input, init);
    };
  },
};
