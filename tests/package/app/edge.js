import { useApi } from './flow.js';

/**
 * A worker's handler: does it all when it is asked for /run.
 * @param {Pick<typeof import('bearerkit'), 'createAuthClient' | 'decodeJwt' | 'ready'>} kit
 */
export const answerWith = (kit) => ({
  /** @type {(request: Request, env: { api: string }) => Promise<Response>} */
  fetch: async (request, { api }) => {
    if (!request.url.endsWith('/run')) return new Response('up');
    const auth = kit.createAuthClient({
      refresh: `${api}/auth/refresh`,
      signOut: `${api}/auth/logout`,
      origins: [api],
    });
    try {
      return Response.json(await useApi(auth, kit, api));
    } catch (error) {
      return new Response(String(error));
    } finally {
      auth.close();
    }
  },
});
