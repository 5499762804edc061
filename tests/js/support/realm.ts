// A thread in which nothing of the package has been loaded yet: of one process there is but one core.
import type { TestContext } from 'node:test';
import { Worker } from 'node:worker_threads';

import type * as Kit from 'bearerkit/external';

import { type AuthServer, startAuthServer } from './auth_server.ts';
import { settled } from './wait.ts';

export interface Realm {
  /** Takes WebAssembly away before the package is imported. Node's fetch has taken its own by then. */
  readonly wasm: boolean;
  /** Other globals to be taken away. */
  readonly without?: readonly string[];
  /** The file to import; index.js of the package if left out. */
  readonly entry?: string;
  /** A URL that answers anything. */
  readonly warmUp: string;
}

/** Where a file of the package stands. */
export const packageFile = (name: string): string =>
  new URL(`../../../dist/${name}`, import.meta.url).href;

/**
 * Runs a function on an entry of the package (`init` is of external.js only) in a thread of its own. It sees its parameters, and no closure; what
 * it gives, or what went wrong, comes back as a copy.
 */
export async function inRealm<Argument, Result>(
  t: TestContext,
  { wasm, without = [], entry = packageFile('index.js'), warmUp }: Realm,
  run: (kit: typeof Kit, argument: Argument) => Result | Promise<Result>,
  argument: Argument,
): Promise<Result> {
  const source = `
    import { parentPort, workerData } from 'node:worker_threads';
    globalThis.__name = (value) => value; // a helper that the tests' compiler calls in functions
    await (await fetch(${JSON.stringify(warmUp)})).text();
    if (!${wasm}) delete globalThis.WebAssembly;
    for (const name of ${JSON.stringify(without)}) delete globalThis[name];
    const kit = await import(${JSON.stringify(entry)});
    parentPort.postMessage(await (${run.toString()})(kit, workerData));
  `;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), {
    workerData: argument,
    execArgv: [],
  });
  t.after(() => worker.terminate());
  const result = new Promise<Result>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  return settled(result, 'a thread');
}

/** A thread without WebAssembly, and a server that says at `/echo` what it was sent. */
export async function startWithoutWasm(
  t: TestContext,
): Promise<{ server: AuthServer; realm: Realm }> {
  const server = await startAuthServer(t);
  server.route('/echo', ({ method, headers, body }) => ({
    json: { method, type: headers['content-type'], body: body.toString() },
  }));
  server.route('/warm', () => ({ body: 'up' }));
  return { server, realm: { wasm: false, warmUp: server.url('/warm') } };
}
