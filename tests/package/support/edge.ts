// Next's edge runtime, as Next itself runs it on a machine of one's own: one script in a realm that has
// what the edge has. On Vercel it compiles no WebAssembly.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Core } from './cores.ts';
import { programOf, runTool } from './fresh_app.ts';
import type { Place } from './runtimes.ts';

interface EdgeRealm {
  evaluate(code: string): unknown;
}

interface EdgeModule {
  readonly EdgeVM: new (options: {
    codeGeneration: { strings: boolean; wasm: boolean };
  }) => EdgeRealm;
}

export async function runAtTheEdge(place: Place, core: Core): Promise<string> {
  const { workshop, folder, api } = place;
  await runTool(workshop, folder, 'esbuild', [
    'edge_js.js',
    '--bundle',
    '--format=iife',
    '--global-name=app',
    '--platform=neutral',
    '--outfile=edge_vm.js',
  ]);
  const require = createRequire(programOf(workshop, 'any.js', 'environments'));
  const { EdgeVM } = require('@edge-runtime/vm') as EdgeModule;
  const realm = new EdgeVM({ codeGeneration: { strings: false, wasm: core === 'wasm' } });
  realm.evaluate(readFileSync(path.join(folder, 'edge_vm.js'), 'utf8'));
  const call = `app.default.fetch(new Request('http://localhost/run'), ${JSON.stringify({ api })})`;
  return String(await realm.evaluate(`${call}.then((answer) => answer.text())`));
}
