import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Gate, Gates } from '../../js/support/wait.ts';

/** A server under a name that no browser takes for its own machine: plain http, as in an intranet. */
export interface PlainHost {
  readonly origin: string;
  /** The proxy that knows the name: `host:port`. */
  readonly proxy: string;
  /** Holds what comes for that path until the gate is opened. */
  hold(path: string): Gate;
  stop(): Promise<void>;
}

export async function startPlainHost(upstream: string): Promise<PlainHost> {
  const origin = 'http://plain.test';
  const direct = upstream.replace('//localhost:', '//127.0.0.1:');
  const gates = new Gates();
  const proxy = createServer((request, response) => {
    // A proxy is asked for whole URLs (RFC 9112 §3.2.2).
    const { host, pathname, search } = new URL(request.url ?? '', origin);
    if (host !== 'plain.test') {
      response.writeHead(502).end();
      return;
    }
    const passOn = (): void => {
      const { method, headers } = request;
      const onward = httpRequest(direct + pathname + search, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      onward.on('error', () => response.destroy());
      request.pipe(onward);
    };
    void gates.pass(pathname).then(passOn);
  });
  await new Promise<void>((resolve) => {
    proxy.listen(0, '127.0.0.1', resolve);
  });
  return {
    origin,
    proxy: `127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    hold: (path) => gates.hold(path),
    stop: () =>
      new Promise((resolve) => {
        proxy.close(() => resolve());
        proxy.closeAllConnections();
      }),
  };
}
