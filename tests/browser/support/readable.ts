import type { Page } from 'playwright-core';

/** Every place of a page that a script of its origin can read, as text: what an XSS would look through. */
export function readableByScripts(page: Page): Promise<Record<string, string>> {
  return page.evaluate(async () => {
    const globals = (): string => {
      const seen = new Set<unknown>([null, undefined]);
      const found: string[] = [];
      const visit = (value: unknown, depth: number): void => {
        if (typeof value === 'string') found.push(value);
        if ((typeof value !== 'object' && typeof value !== 'function') || seen.has(value)) return;
        seen.add(value);
        if (depth === 0 || value === null) return;
        for (const key of Reflect.ownKeys(value)) {
          try {
            visit(Reflect.get(value, key), depth - 1);
          } catch {
            // A getter that wants another `this`.
          }
        }
      };
      visit(globalThis, 5);
      return found.join('\n');
    };

    const indexedDatabases = async (): Promise<string> => {
      const texts: string[] = [];
      for (const { name = '' } of await indexedDB.databases()) {
        const database = await new Promise<IDBDatabase>((resolve, reject) => {
          const request = indexedDB.open(name);
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(new Error('IndexedDB'));
        });
        for (const store of database.objectStoreNames) {
          texts.push(
            await new Promise<string>((resolve, reject) => {
              const request = database.transaction(store).objectStore(store).getAll();
              request.onsuccess = () => resolve(JSON.stringify(request.result));
              request.onerror = () => reject(new Error('IndexedDB'));
            }),
          );
        }
        database.close();
      }
      return texts.join('\n');
    };

    const cached = async (): Promise<string> => {
      const texts: string[] = [];
      for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
          texts.push(request.url, (await (await cache.match(request))?.text()) ?? '');
        }
      }
      return texts.join('\n');
    };

    return {
      'document.cookie': document.cookie,
      localStorage: JSON.stringify(Object.entries(localStorage)),
      sessionStorage: JSON.stringify(Object.entries(sessionStorage)),
      IndexedDB: await indexedDatabases(),
      'the caches': await cached(),
      'the document': document.documentElement.outerHTML,
      'the history': `${location.href} ${JSON.stringify(history.state)} ${window.name}`,
      'the performance entries': JSON.stringify(performance.getEntries()),
      'the globals': globals(),
    };
  });
}
