// As much of a page as an app's own code takes for granted: where it is, its storages, and a fetch
// that knows relative URLs. For recipes that are written as in an app, in a module.
import type { TestContext } from 'node:test';

import { FakeWebStorage, installGlobal } from '../../js/support/storages.ts';

export function asPage(t: TestContext, origin: string): void {
  const nodeFetch = globalThis.fetch;
  const pageFetch: typeof fetch = (input, init) =>
    nodeFetch(input instanceof Request ? input : new URL(input, origin), init);
  const globals = {
    location: new URL('/', origin),
    origin,
    localStorage: new FakeWebStorage(),
    sessionStorage: new FakeWebStorage(),
    fetch: pageFetch,
  };
  for (const [name, value] of Object.entries(globals)) {
    installGlobal(t, name, { value, writable: true });
  }
}
