// npm start: sets up, builds, and becomes the demo server.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { build } from './build.mjs';
import { root, runMain } from './lib/run.mjs';

await runMain(import.meta, async () => {
  await build({ forTests: false });
  // Demo accounts and the /demo routes are there only where somebody asks for them: here.
  const env = { ...process.env, DEMO: process.env['DEMO'] || 'on' };
  const args = ['--enable-source-maps', 'build/demo/server.mjs'];
  const server = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', env });
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
