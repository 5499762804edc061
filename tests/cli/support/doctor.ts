// Runs the command as a user does: a process of its own, from the package as it is built.
import assert from 'node:assert/strict';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

import type { Finding } from '../../../cli/report.ts';

const COMMAND = fileURLToPath(new URL('../../../dist/cli/bearerkit.js', import.meta.url));

const PIECE = 8;

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  /** Told of what comes on standard error, as it comes. */
  readonly onStderr?: (text: string) => void;
}

export async function run(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn(
    process.execPath,
    [COMMAND, ...args],
    { stdio: 'pipe' },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    options.onStderr?.(text);
  });
  // A usage error ends it before it reads.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { code, stdout, stderr };
}

export interface Examination extends Run {
  readonly good: boolean;
  readonly usedSession: boolean;
  readonly findings: readonly Finding[];
  readonly notChecked: readonly { readonly check: string; readonly reason: string }[];
}

/** `doctor --json`; its exit code has to fit what it found. */
export async function examine(
  args: readonly string[],
  options: RunOptions = {},
): Promise<Examination> {
  const ended = await run(['doctor', ...args, '--json'], options);
  assert.ok(ended.code === 0 || ended.code === 1, `${ended.code}: ${ended.stderr}`);
  const report = JSON.parse(ended.stdout) as Omit<Examination, keyof Run>;
  const good = report.findings.every(({ level }) => level !== 'error');
  assert.equal(ended.code, good ? 0 : 1);
  assert.equal(report.good, good);
  return { ...ended, ...report };
}

/** What is not in order, as `check: level`. */
export function faultsIn(findings: readonly Finding[]): string[] {
  return findings
    .filter(({ level }) => level !== 'ok')
    .map(({ check, level }) => `${check}: ${level}`);
}

/** Fails when any eight characters of a secret in a row were printed. */
export function assertSecret(printed: string, secrets: Iterable<string>): void {
  let pieces = 0;
  for (const secret of secrets) {
    for (let i = 0; i + PIECE <= secret.length; i++, pieces++) {
      assert.ok(!printed.includes(secret.slice(i, i + PIECE)), 'a piece of a secret is printed');
    }
  }
  assert.ok(pieces > 0, 'there was no secret to look for');
}

/** A file that is gone after the test. */
export function temporaryFile(t: TestContext, content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'bearerkit-doctor-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'session');
  writeFileSync(file, content, { mode: 0o600 });
  return file;
}
