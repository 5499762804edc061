// Serves the pages of lanes and the modules that are measured as they start.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PageServer {
  readonly origin: string;
  /** What is served at a path, as a script. */
  readonly put: (path: string, script: string | Uint8Array) => void;
  readonly close: () => Promise<void>;
}

// Isolated pages have finer clocks.
const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** `/page/NAME` is a page with the script of that name. */
export async function startPageServer(): Promise<PageServer> {
  const scripts = new Map<string, string | Uint8Array>();
  const send = (response: ServerResponse, type: string, body: string | Uint8Array): void => {
    response.writeHead(200, { ...HEADERS, 'Content-Type': `${type}; charset=utf-8` }).end(body);
  };
  const server = createServer((request, response) => {
    const url = request.url ?? '/';
    const script = scripts.get(url);
    if (script !== undefined) {
      send(response, 'text/javascript', script);
      return;
    }
    const name = /^\/page\/(\w*)$/.exec(url)?.[1];
    if (name === undefined) {
      response.writeHead(404).end();
      return;
    }
    const tag = name === '' ? '' : `<script src="/${name}.js"></script>`;
    send(response, 'text/html', `<!doctype html><title>bench</title>${tag}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    put: (path, script) => void scripts.set(path, script),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
