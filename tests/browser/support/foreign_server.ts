import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Somebody else's server: lets every page call it, and writes down what it is sent. */
export interface ForeignServer {
  readonly origin: string;
  readonly port: number;
  readonly received: {
    readonly url: string;
    readonly headers: IncomingHttpHeaders;
    readonly body: string;
  }[];
  stop(): Promise<void>;
}

export async function startForeignServer(): Promise<ForeignServer> {
  const received: ForeignServer['received'] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      received.push({ url: request.url ?? '', headers: request.headers, body });
      // It would take anything: if a token stays away, that is not the browser's CORS check.
      response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? '*');
      response.setHeader('Access-Control-Allow-Headers', 'Authorization, Content-Type, X-CSRF');
      response.setHeader('Access-Control-Allow-Credentials', 'true');
      response.setHeader('Access-Control-Expose-Headers', 'WWW-Authenticate');
      response.setHeader('WWW-Authenticate', 'Bearer error="invalid_token"');
      response.writeHead(request.method === 'OPTIONS' ? 204 : 401).end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    received,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
