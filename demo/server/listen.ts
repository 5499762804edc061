import { lookup } from 'node:dns/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Listener {
  readonly port: number;
  /** Takes no more connections, lets requests under way finish, cuts them off after `patienceMs`. */
  close(patienceMs: number): Promise<void>;
}

/**
 * Listens on every address of a host: `localhost` is 127.0.0.1 as well as ::1, and a server on
 * one of them alone is found by some clients only, while another program may have the other.
 * A request that has not arrived whole after `requestMs` is cut off.
 */
export async function listen(
  host: string,
  port: number,
  handler: RequestListener,
  requestMs: number,
): Promise<Listener> {
  const addresses = await addressesOf(host);
  const servers: Server[] = [];
  let chosen = port;
  try {
    for (const address of addresses) {
      const server = await listenOn(address, chosen, handler, requestMs);
      if (server === undefined) continue;
      servers.push(server);
      // Port 0 lets the system choose, once for all addresses.
      chosen = portOf(server);
    }
    if (servers.length === 0)
      throw Object.assign(new Error('No address'), { code: 'EADDRNOTAVAIL' });
  } catch (error) {
    await Promise.all(servers.map((server) => close(server, 0)));
    throw error;
  }
  return {
    port: chosen,
    close: async (patienceMs) => {
      await Promise.all(servers.map((server) => close(server, patienceMs)));
    },
  };
}

/** `localhost` is the loopback (RFC 6761 §6.3), also on a machine whose hosts file does not say so. */
async function addressesOf(host: string): Promise<string[]> {
  if (host === 'localhost') return ['127.0.0.1', '::1'];
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

/** Undefined when the machine does not have the address (no IPv6, most often). */
function listenOn(
  address: string,
  port: number,
  handler: RequestListener,
  requestMs: number,
): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    // Node's own limit is five minutes, for a request that may be one byte.
    const limits = {
      requestTimeout: requestMs,
      headersTimeout: requestMs,
      connectionsCheckingInterval: Math.min(1000, requestMs),
    };
    const server = createServer(limits, handler);
    server.once('error', (error) => {
      if ('code' in error && (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT'))
        resolve(undefined);
      else reject(error);
    });
    server.listen({ host: address, port }, () => {
      resolve(server);
    });
  });
}

function close(server: Server, patienceMs: number): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeIdleConnections();
    setTimeout(() => {
      server.closeAllConnections();
    }, patienceMs).unref();
  });
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return address.port;
}
