/**
 * For the unit tests of an app: a client on a platform of its own, with a clock that passes at once and a
 * server that you script. The client is the real one, on the real core. The network, the clock, the
 * storage, the locks and the messages between tabs are simulated. No global is touched, so it goes
 * together with fake timers and with other tests. It takes no real time.
 *
 * @example
 * const test = createTestAuth();
 * const { auth, server } = test;
 * server.on('GET /todos', { json: ['write tests'] });
 * await test.signedIn({ claims: { sub: 'ada', role: 'admin' } });
 * await test.expire();
 * const response = await auth.fetchWithAuth('/todos'); // refreshed, and 200
 * test.close();
 * @module
 */
import { createAuthClient } from './index.js';
import { createTest } from './testing/test_auth.ts';
import type { JwtPayload, TokenResponse } from './types.ts';
import type { TestAuth, TestAuthOptions } from './types/testing.ts';

export { TestAuthError, type TestAuthErrorCode } from './testing/errors.ts';
export type * from './types/testing.ts';

/**
 * Makes a test: a client with nobody signed in, on a platform of its own. Call `close()` when it ends.
 *
 * `Claims` and `Answer` are as of `createAuthClient`.
 *
 * @throws {TestAuthError} `bad_option` names what cannot be used
 * @throws {AuthError} `invalid_config` as `createAuthClient`
 * @example
 * const test = createTestAuth<{ role: string }>({ origins: ['https://api.example.com'] });
 */
export function createTestAuth<Claims extends object = JwtPayload, Answer = TokenResponse>(
  options: TestAuthOptions<Answer> = {},
): TestAuth<Claims, Answer> {
  // Nothing is checked of what `Claims` and `Answer` say.
  const world: object = createTest(createAuthClient, options as TestAuthOptions);
  return world as TestAuth<Claims, Answer>;
}
