// Two wrappers as one finds them. The page shows the text of these very functions.

export interface Tokens {
  accessToken: string;
  refreshToken: string;
}

export type Get = (url: string) => Promise<Response>;

export type Wrapper = 'lesson' | 'alone';

interface Made {
  readonly name: string;
  readonly make: (tokens: Tokens, fetch: typeof globalThis.fetch) => Get;
}

export const WRAPPERS: Readonly<Record<Wrapper, Made>> = {
  lesson: {
    name: 'The lesson’s ten lines',
    make: function tenLines(tokens: Tokens, fetch: typeof globalThis.fetch): Get {
      let refreshing: Promise<void> | undefined;
      const send: Get = (url) =>
        fetch(url, { headers: { Authorization: `Bearer ${tokens.accessToken}` } });
      const renew = async (): Promise<void> => {
        const body = JSON.stringify({ refreshToken: tokens.refreshToken });
        const headers = { 'Content-Type': 'application/json' };
        const answer = await fetch('/auth/refresh', { method: 'POST', headers, body });
        if (!answer.ok) throw new Error('Please sign in again.');
        Object.assign(tokens, await answer.json());
        refreshing = undefined;
      };
      return async (url) => {
        const response = await send(url);
        if (response.status !== 401) return response;
        await (refreshing ??= renew());
        return send(url);
      };
    },
  },
  alone: {
    name: 'Without single flight',
    make: function eachForItself(tokens: Tokens, fetch: typeof globalThis.fetch): Get {
      const send: Get = (url) =>
        fetch(url, { headers: { Authorization: `Bearer ${tokens.accessToken}` } });
      return async (url) => {
        const response = await send(url);
        if (response.status !== 401) return response;
        const body = JSON.stringify({ refreshToken: tokens.refreshToken });
        const headers = { 'Content-Type': 'application/json' };
        const answer = await fetch('/auth/refresh', { method: 'POST', headers, body });
        if (!answer.ok) throw new Error('Please sign in again.');
        Object.assign(tokens, await answer.json());
        return send(url);
      };
    },
  },
};
