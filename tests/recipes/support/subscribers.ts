import type { TestContext } from 'node:test';

import type { AuthClient } from 'bearerkit';

/** How many are subscribed to a client, of those to come. */
export function countSubscribers(t: TestContext, auth: AuthClient): () => number {
  let count = 0;
  const { subscribe } = auth;
  t.mock.method(auth, 'subscribe', (listener: () => void) => {
    count++;
    const unsubscribe = subscribe(listener);
    return () => {
      count--;
      unsubscribe();
    };
  });
  return () => count;
}
