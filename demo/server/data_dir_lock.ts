import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Another live process has the folder. */
export class DataDirInUseError extends Error {
  override readonly name = 'DataDirInUseError';
}

/**
 * Takes a folder for this process alone; the function handed back gives it free again.
 * A lock left behind by a process that no longer lives is taken over.
 *
 * @throws DataDirInUseError when a live process holds it.
 */
export function lockDataDir(folder: string): () => void {
  const file = path.join(folder, 'lock');
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      writeFileSync(file, `${process.pid}\n`, { flag: 'wx', mode: 0o600 });
      return () => {
        rmSync(file, { force: true });
      };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const holder = holderOf(file);
      if (holder !== undefined && isAlive(holder)) {
        throw new DataDirInUseError(
          `DATA_DIR is in use by process ${holder}: stop it, choose another DATA_DIR, or set DATABASE_URL ` +
            `(if that process is no bearerkit server, remove ${file})`,
        );
      }
      rmSync(file, { force: true });
    }
  }
  throw new DataDirInUseError('DATA_DIR is being taken by another process');
}

function holderOf(file: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  // In a container every start may get the same number: our own is then an old life of ours.
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
