import { readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { AuthServer } from '../../js/support/auth_server.ts';
import type { Answer } from '../../js/support/http_server.ts';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  wasm: 'application/wasm',
};

/**
 * An app's server under one Content-Security-Policy: an empty page, the package as it is published
 * under /bearerkit/, the scripts that a test gives it, and the API with its tokens.
 */
export class PolicyServer extends AuthServer {
  readonly #policy: string;

  constructor(policy: string, scripts: Readonly<Record<string, string>>) {
    super({ expiresIn: 900 });
    this.#policy = policy;
    this.route('/page.html', () => this.#file('html', '<!doctype html><title>A page</title>'));
    this.route('/bearerkit/', ({ path }) => {
      const name = path.slice('/bearerkit/'.length);
      const content = readFileSync(new URL(`../../../dist/${name}`, import.meta.url));
      return this.#file(name.split('.').at(-1) ?? '', content);
    });
    for (const [path, script] of Object.entries(scripts)) {
      this.route(path, () => this.#file('js', script));
    }
  }

  #file(extension: string, body: string | Uint8Array): Answer {
    const type = TYPES[extension] ?? 'application/octet-stream';
    return { headers: { 'Content-Type': type, 'Content-Security-Policy': this.#policy }, body };
  }
}

export function startPolicyServer(
  t: TestContext,
  policy: string,
  scripts: Readonly<Record<string, string>> = {},
): Promise<PolicyServer> {
  return new PolicyServer(policy, scripts).listen(t);
}
