// One build at a time in one checkout: an editor's, a test's and a person's may meet.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandFailed, root } from './run.mjs';

const file = join(root, 'build/.lock');
const PATIENCE_MS = 10 * 60_000;

/**
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withBuildLock(work) {
  mkdirSync(join(root, 'build'), { recursive: true });
  const deadline = Date.now() + PATIENCE_MS;
  let told = false;
  while (!tryLock()) {
    const owner = readOwner();
    if (owner !== undefined && !isAlive(owner)) {
      rmSync(file, { force: true });
      continue;
    }
    if (Date.now() > deadline) {
      throw new CommandFailed(
        `Another build (process ${owner ?? '?'}) does not end; see ${file}`,
        '',
      );
    }
    if (!told) console.log(`build: waiting for another build (process ${owner ?? '?'})`);
    told = true;
    await sleep(100);
  }
  const release = () => {
    rmSync(file, { force: true });
  };
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

function tryLock() {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

function readOwner() {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined; // empty: being written
  } catch {
    return undefined; // just released
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
