import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Core } from './cores.ts';
import { programOf, runTool } from './fresh_app.ts';
import { startOwnServer } from './host.ts';
import type { Place } from './runtimes.ts';

/** Cloudflare's workers on a machine of one's own: one file and perhaps a module, as wrangler makes it. */
export async function runInWorkerd({ workshop, folder, api }: Place, core: Core): Promise<string> {
  const output = `edge-${core}`;
  await runTool(workshop, folder, 'esbuild', [
    `edge_${core}.js`,
    '--bundle',
    '--format=esm',
    '--platform=neutral',
    '--loader:.wasm=copy',
    `--outdir=${output}`,
    '--entry-names=worker',
    '--asset-names=core',
  ]);
  const hasModule = existsSync(path.join(folder, output, 'core.wasm'));
  writeFileSync(path.join(folder, output, 'config.capnp'), configFor(api, hasModule));
  const { origin, stop } = await startOwnServer(
    programOf(workshop, '@cloudflare/workerd-linux-64/bin/workerd'),
    folder,
    (port) => ['serve', `${output}/config.capnp`, '--socket-addr', `http=127.0.0.1:${port}`],
  );
  try {
    return await (await fetch(`${origin}/run`)).text();
  } finally {
    stop();
  }
}

const configFor = (api: string, hasModule: boolean): string => `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "app", worker = (
      modules = [
        (name = "worker.js", esModule = embed "worker.js"),
        ${hasModule ? '(name = "core.wasm", wasm = embed "core.wasm"),' : ''}
      ],
      compatibilityDate = "2026-01-01",
      bindings = [(name = "api", text = "${api}")],
    )),
    (name = "internet", network = (allow = ["local"])),
  ],
  sockets = [(name = "http", http = (), service = "app")],
);
`;
