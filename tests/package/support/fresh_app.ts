// Fresh apps outside of the checkout, with the packed package installed into each as npm does it.
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Bundler } from './bundlers.ts';

const HERE = fileURLToPath(new URL('..', import.meta.url));
const ROOT = path.join(HERE, '../..');

/** Where apps are made: the bundlers, and the package as a tarball. */
export interface Workshop {
  readonly folder: string;
  readonly tarball: string;
  /** The files of the tarball. */
  contents(): Promise<string[]>;
  close(): void;
}

export async function openWorkshop(): Promise<Workshop> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bearerkit-package-'));
  for (const file of ['package.json', 'package-lock.json', '.npmrc']) {
    cpSync(path.join(HERE, 'tools', file), path.join(folder, file));
  }
  await npm(folder, 'ci', '--no-audit', '--no-fund');
  await npm(ROOT, 'pack', '--pack-destination', folder);
  const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz')) ?? '';
  return {
    folder,
    tarball: path.join(folder, tarball),
    contents: async () =>
      (await run('tar', ['-tzf', tarball], folder))
        .trim()
        .split('\n')
        .map((file) => file.replace(/^package\//, '')),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The packages of a folder of tools/, which are large. */
export async function installTools(workshop: Workshop, name: string): Promise<void> {
  const folder = path.join(workshop.folder, name);
  cpSync(path.join(HERE, 'tools', name), folder, { recursive: true });
  await npm(folder, 'ci', '--ignore-scripts', '--no-audit', '--no-fund');
}

/** One of their files, by its path in node_modules. */
export const programOf = (workshop: Workshop, file: string, tools = 'runtimes'): string =>
  path.join(workshop.folder, tools, 'node_modules', file);

/** An app of that bundler, installed and built; its folder. */
export async function makeApp(workshop: Workshop, bundler: Bundler): Promise<string> {
  const folder = await makeEmptyApp(workshop, bundler.name.toLowerCase().replaceAll(' ', '-'));
  for (const file of ['flow.js', bundler.script ?? 'app.js']) {
    cpSync(path.join(HERE, 'app', file), path.join(folder, file));
  }
  for (const [file, text] of Object.entries(bundler.files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  bundler.prepare?.(folder);
  const [program, ...args] = bundler.build ?? [];
  if (program !== undefined) await runTool(workshop, folder, program, args);
  return folder;
}

/** A folder, in another of the workshop, with a package.json and the package in its node_modules. */
export async function makeEmptyApp(
  workshop: Workshop,
  name: string,
  place = 'apps',
): Promise<string> {
  const folder = path.join(workshop.folder, place, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, 'package.json'),
    JSON.stringify({ name: `app-${name}`, private: true, version: '1.0.0', type: 'module' }),
  );
  await npm(folder, 'install', '--no-audit', '--no-fund', workshop.tarball);
  return folder;
}

/** Runs a program of the workshop's node_modules; gives what it printed. */
export function runTool(
  workshop: Workshop,
  folder: string,
  program: string,
  args: readonly string[],
): Promise<string> {
  return run(toolOf(workshop, program), args, folder);
}

export const toolOf = (workshop: Workshop, program: string): string =>
  path.join(workshop.folder, 'node_modules/.bin', program);

/** Runs Node; gives what the script printed. Node's own warnings go elsewhere. */
export function runNode(folder: string, args: readonly string[]): Promise<string> {
  return run(process.execPath, ['--no-warnings', ...args], folder);
}

/** The browser knows localhost by itself; Node asks the system, which may not. */
export const directly = (origin: string): string => origin.replace('//localhost:', '//127.0.0.1:');

/** Nothing of the tester's own settings, and no word to anybody's telemetry. */
export function environment(): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  const silent = { NEXT_TELEMETRY_DISABLED: '1', NUXT_TELEMETRY_DISABLED: '1' };
  return { PATH, HOME, ...silent, PARCEL_WORKERS: '1', CI: '1' };
}

/** Gives what the program printed. */
export async function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const options = { cwd, env: { ...environment(), ...env }, maxBuffer: 1 << 26 };
  try {
    const { stdout, stderr } = await promisify(execFile)(program, args, options);
    return stdout === '' ? stderr : stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${path.basename(program)} ${args.join(' ')} failed:\n${stdout}${stderr}`);
  }
}

function npm(cwd: string, ...args: string[]): Promise<string> {
  // The npm that runs the tests, if one does.
  const script = process.env['npm_execpath'];
  return script?.endsWith('.js') === true
    ? run(process.execPath, [script, ...args], cwd)
    : run('npm', args, cwd);
}
