import { OAuth2Client, OAuth2Fetch } from '@badgateway/oauth2-client';
import type { Subject } from './subject.ts';

export const subject: Subject = {
  fetcher: ({ fetch, refresh }) => {
    // It knows no other fetch.
    globalThis.fetch = fetch;
    const newToken = async (): Promise<{
      accessToken: string;
      refreshToken: string;
      expiresAt: number;
    }> => {
      const { access_token, refresh_token } = await refresh();
      return {
        accessToken: access_token,
        refreshToken: refresh_token,
        expiresAt: Date.now() + 900_000,
      };
    };
    const client = new OAuth2Client({ server: 'https://auth.example.com/', clientId: 'bench' });
    client.refreshToken = newToken;
    const wrapper = new OAuth2Fetch({ client, getNewToken: newToken, scheduleRefresh: false });
    return (input, init) => wrapper.fetch(input, init);
  },
};
