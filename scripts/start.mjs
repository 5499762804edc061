// npm start: sets up, builds, and becomes the demo server.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { build } from './build.mjs';
import { root, runMain } from './lib/run.mjs';
import { ensureSetup } from './setup.mjs';

await runMain(async () => {
  await ensureSetup({ forTests: false });
  await build();
  const server = spawn(process.execPath, ['--enable-source-maps', 'build/demo/server.mjs'], {
    cwd: root,
    stdio: 'inherit',
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    // A terminal's Ctrl-C reaches the server by itself; it would take a second one for impatience.
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) server.kill(signal);
    });
  }
  await new Promise((done) => {
    server.on('close', (code, signal) => {
      process.exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
      done(undefined);
    });
  });
});
