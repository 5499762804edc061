import { spawn } from 'node:child_process';
import { freePort } from '../free_port.ts';
import { PATIENCE_MS, until } from '../until.ts';
import type { EngineBrowser, Tab } from './engine.ts';
import { expressionOf } from './expression.ts';

const MINI_BROWSER = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';

/** What is wrong with a command, in WebDriver's words. */
interface WireError {
  readonly error: string;
  readonly message: string;
}

type Command = (method: string, route: string, body?: object) => Promise<unknown>;

/** WebKitGTK over WebDriver (W3C) as it is: HTTP with JSON, one command at a time. */
export async function openWebKit(httpProxy?: string): Promise<EngineBrowser> {
  const { base, stop } = await startDriver();
  try {
    const session = (await send(base, 'POST', '/session', {
      capabilities: {
        alwaysMatch: {
          acceptInsecureCerts: true,
          timeouts: { script: PATIENCE_MS, pageLoad: PATIENCE_MS },
          ...(httpProxy === undefined ? {} : { proxy: { proxyType: 'manual', httpProxy } }),
          'webkitgtk:browserOptions': { binary: MINI_BROWSER, args: ['--automation'] },
        },
      },
    })) as { sessionId: string; capabilities: { browserVersion: string } };
    const root = `/session/${session.sessionId}`;
    const { browserVersion } = session.capabilities;
    const command: Command = (method, route, body) => send(base, method, root + route, body);
    return browserOf(command, browserVersion, stop);
  } catch (error) {
    stop();
    throw error;
  }
}

function browserOf(command: Command, version: string, stop: () => void): EngineBrowser {
  let last: Promise<unknown> = Promise.resolve();
  /** Commands go to the tab that was switched to: nothing may come between the two. */
  function within<T>(handle: string, run: () => Promise<T>): Promise<T> {
    const turn = last.then(async () => {
      await command('POST', '/window', { handle });
      return run();
    });
    last = turn.catch(() => {});
    return turn;
  }
  function tabOf(handle: string): Tab {
    return {
      goto: (url) =>
        within(handle, async () => {
          await command('POST', '/url', { url });
        }),
      // No command does it: all of its tabs stay hidden. Their timers keep time all the same.
      show: () => Promise.resolve(),
      back: () =>
        within(handle, async () => {
          await command('POST', '/back', {});
        }),
      evaluate: <A, R>(run: (argument: A) => R | Promise<R>, argument: A) =>
        within(handle, async () => {
          const script = `const done = arguments[arguments.length - 1];
            ${expressionOf(run, argument)}.then((value) => done({ value }), (error) => done({ error: String(error) }));`;
          const result = (await command('POST', '/execute/async', { script, args: [] })) as {
            value: R;
            error?: string;
          };
          if (result.error !== undefined) throw new Error(result.error);
          return result.value;
        }),
      close: () =>
        within(handle, async () => {
          await command('DELETE', '/window');
        }),
    };
  }
  return {
    version,
    newTab: async () => {
      // The session's first window stays empty: with its last window a session ends.
      const [first] = (await command('GET', '/window/handles')) as [string];
      const { handle } = (await within(first, () =>
        command('POST', '/window/new', { type: 'tab' }),
      )) as { handle: string };
      return tabOf(handle);
    },
    close: async () => {
      await command('DELETE', '').catch(() => {});
      stop();
    },
  };
}

async function startDriver(): Promise<{ base: string; stop: () => void }> {
  const port = await freePort();
  const child = spawn('xvfb-run', ['-a', '/usr/bin/WebKitWebDriver', `--port=${port}`], {
    detached: true,
    stdio: 'ignore',
  });
  const stop = (): void => {
    process.removeListener('exit', stop);
    try {
      // The driver, the browser and the display are one process group.
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    } catch {
      // It has ended by itself.
    }
  };
  child.once('error', stop);
  process.once('exit', stop);
  const base = `http://127.0.0.1:${port}`;
  await until('WebKitWebDriver answers', () =>
    fetch(`${base}/status`).then(
      (response) => response.ok,
      () => false,
    ),
  );
  return { base, stop };
}

async function send(base: string, method: string, route: string, body?: object): Promise<unknown> {
  const response = await fetch(base + route, {
    method,
    headers: { 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const { value } = (await response.json()) as { value: unknown };
  if (response.ok) return value;
  const { error, message } = value as WireError;
  throw new Error(`WebKitWebDriver: ${error}: ${message}`);
}
