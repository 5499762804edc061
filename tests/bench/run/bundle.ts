// The code of lanes: a subject with what drives it, bundled as an app is.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { build } from 'esbuild';
import type { SubjectId } from '../rows.ts';

const BENCH = fileURLToPath(new URL('..', import.meta.url));
/** Within reach of the packages in node_modules. */
const FOLDER = path.join(BENCH, 'node_modules/.lanes');

/** A script for pages: `globalThis.lane` is the lane. */
export const forPage = (subject: SubjectId): Promise<string> =>
  bundle(subject, 'page', `globalThis.lane = laneOf(subject);`, { format: 'iife' });

/** A module for Node, which is asked by messages and answers by messages. Packages stay outside. */
export const forNode = (subject: SubjectId): Promise<string> =>
  bundle(
    subject,
    'node',
    `const lane = laneOf(subject);
    process.on('message', async ([what, ...question]) => {
      try {
        process.send({ value: await lane[what](...question) });
      } catch (error) {
        process.send({ error: String(error?.stack ?? error) });
      }
    });
    process.send({ value: 0 });`,
    { format: 'esm', platform: 'node', packages: 'external' },
  );

async function bundle(
  subject: SubjectId,
  engine: string,
  lines: string,
  options: object,
): Promise<string> {
  mkdirSync(FOLDER, { recursive: true });
  const outfile = path.join(FOLDER, `${subject}.${engine}.mjs`);
  await build({
    stdin: {
      contents: `import { laneOf } from './lane/lane.ts';
        import { subject } from './subjects/${subject}.ts';
        ${lines}`,
      resolveDir: BENCH,
      loader: 'ts',
    },
    bundle: true,
    target: 'es2022',
    logLevel: 'error',
    ...options,
    outfile,
  });
  return outfile;
}
