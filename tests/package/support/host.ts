import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import express from 'express';
import { freePort } from '../../browser/support/free_port.ts';
import { until } from '../../browser/support/until.ts';
import { type Gate, Gates } from '../../js/support/wait.ts';
import { directly, environment } from './fresh_app.ts';

/** An app on a server, with the reference server's API on the same origin. */
export interface Host {
  readonly origin: string;
  /** The scripts that were asked for since `policy` was set. */
  readonly scripts: Set<string>;
  /** The Content-Security-Policy of all that comes. */
  readonly policy: (header: string) => void;
  /** Holds what comes for that path until the gate is opened. */
  readonly hold: (path: string) => Gate;
  readonly stop: () => Promise<void>;
}

const API = /^\/(auth|hybrid|api|oauth|demo)\//;

/** Serves `folder`, or passes on to `upstream`, an app's own server. */
export async function startHost(api: string, folder: string, upstream?: string): Promise<Host> {
  const scripts = new Set<string>();
  const gates = new Gates();
  let policy = '';
  const app = express();
  app.use(async (request, _response, next) => {
    await gates.pass(request.path);
    next();
  });
  app.use((request, response, next) => {
    if (/\.m?js$/.test(request.path)) scripts.add(request.path);
    response.setHeader('Content-Security-Policy', policy);
    if (API.test(request.path)) pass(api, request, response);
    else if (upstream !== undefined) pass(upstream, request, response);
    else next();
  });
  app.use(express.static(folder, { cacheControl: false, etag: false, lastModified: false }));
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    scripts,
    policy: (header) => {
      policy = header;
      scripts.clear();
    },
    hold: (held) => gates.hold(held),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function pass(upstream: string, from: IncomingMessage, to: ServerResponse): void {
  const url = new URL(from.url ?? '/', directly(upstream));
  const headers = { ...from.headers };
  delete headers.host;
  const onward = request(url, { method: from.method, headers, agent: false }, (answer) => {
    const kept = { ...answer.headers };
    delete kept['content-security-policy'];
    to.writeHead(answer.statusCode ?? 502, kept);
    answer.pipe(to);
  });
  onward.on('error', () => to.destroy());
  from.pipe(onward);
}

/** An app that is served by a program of its own; its address, and what ends it. */
export async function startOwnServer(
  program: string,
  folder: string,
  argsFor: (port: number) => readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ origin: string; stop: () => void }> {
  const port = await freePort();
  const child = spawn(program, argsFor(port), {
    cwd: folder,
    env: { ...environment(), HOST: '127.0.0.1', PORT: String(port), ...env },
    stdio: 'ignore',
    detached: true,
  });
  const stop = (): void => {
    process.removeListener('exit', stop);
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    } catch {
      // It has ended by itself.
    }
  };
  process.once('exit', stop);
  const origin = `http://127.0.0.1:${port}`;
  await until(`${path.basename(program)} answers`, () =>
    fetch(origin).then(
      () => true,
      () => false,
    ),
  );
  return { origin, stop };
}
