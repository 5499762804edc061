// Servers that keep a connection open: a WebSocket server by ws, and Server-Sent Events by node:http.
// Both ask an AuthServer whether a token is good, and end a connection when its token is no longer.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

import { type WebSocket as ServerSocket, WebSocketServer } from 'ws';

import type { AuthServer } from '../../js/support/auth_server.ts';

export interface SocketServer {
  readonly url: string;
  /** The generation of the token of each connection that was let in. */
  readonly generations: number[];
  /** How many are open now. */
  open(): number;
  /** Says something to all who are connected. */
  send(text: string): void;
  /** Closes the connections whose token is no longer good. */
  check(): void;
}

const UNAUTHORIZED = 4401;

/** The first message has to be {"token": …}. */
export async function startWebSocketServer(
  t: TestContext,
  auth: AuthServer,
): Promise<SocketServer> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  const connected = new Map<ServerSocket, string>();
  const generations: number[] = [];
  server.on('connection', (socket) => {
    socket.on('close', () => connected.delete(socket));
    socket.once('message', (data: Buffer) => {
      const { token } = JSON.parse(data.toString()) as { token: string };
      const generation = auth.generationOf(token);
      if (generation === undefined) {
        socket.close(UNAUTHORIZED);
        return;
      }
      generations.push(generation);
      connected.set(socket, token);
    });
  });
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    generations,
    open: () => connected.size,
    send(text) {
      for (const socket of connected.keys()) socket.send(text);
    },
    check() {
      for (const [socket, token] of connected) {
        if (auth.generationOf(token) === undefined) socket.close(UNAUTHORIZED);
      }
    },
  };
}

export interface EventServer extends SocketServer {
  /** The Last-Event-ID that each connection asked to go on from. */
  readonly lastEventIds: (string | undefined)[];
  /** How many connections were refused with a 401. */
  refused(): number;
}

/** Events are numbered: their ids count up from 1. */
export async function startEventServer(t: TestContext, auth: AuthServer): Promise<EventServer> {
  const connected = new Map<ServerResponse, string>();
  const generations: number[] = [];
  const lastEventIds: (string | undefined)[] = [];
  let refused = 0;
  let id = 0;
  const server = createServer((request, response) => {
    const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
    const generation = auth.generationOf(token);
    if (generation === undefined) {
      refused++;
      response.writeHead(401, { 'WWW-Authenticate': 'Bearer error="invalid_token"' }).end();
      return;
    }
    generations.push(generation);
    lastEventIds.push(request.headers['last-event-id']?.toString());
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.flushHeaders();
    connected.set(response, token);
    response.on('close', () => connected.delete(response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    generations,
    lastEventIds,
    refused: () => refused,
    open: () => connected.size,
    send(text) {
      id++;
      for (const response of connected.keys()) response.write(`id: ${id}\ndata: ${text}\n\n`);
    },
    check() {
      for (const [response, token] of connected) {
        if (auth.generationOf(token) === undefined) response.end();
      }
    },
  };
}
