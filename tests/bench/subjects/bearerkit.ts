import { createAuthClient, decodeJwt, isExpired } from 'bearerkit';
import type { Subject } from './subject.ts';

let clients = 0;

export const subject: Subject = {
  decode: decodeJwt,
  isExpired,
  fetcher: async (stub) => {
    const auth = createAuthClient({
      // Of its own: clients of one name would take turns.
      name: `bench-${++clients}`,
      origins: ['https://api.example.com'],
      refresh: () => stub.refresh(),
      fetch: stub.fetch,
    });
    await auth.setTokens(await stub.refresh());
    return auth.fetchWithAuth;
  },
};
