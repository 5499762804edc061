// The pages of test runners: jsdom in Jest and in Vitest.
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { groupsOf, read } from '../../../scripts/lib/files.mjs';
import type { Core } from './cores.ts';
import { programOf, run, type Workshop } from './fresh_app.ts';
import type { Place } from './runtimes.ts';

const TOOLS = 'environments';
const TEST = 'jsdom/session.test.js';

/** Milliseconds: their own five seconds are few on a busy machine. */
const PATIENCE = { testTimeout: 300_000 };

// ES modules as they are: no Babel.
const JEST = { rootDir: '.', testEnvironment: './jsdom/with_fetch.cjs', transform: {} };
const VITEST = { test: { ...PATIENCE, environment: 'jsdom', globals: true, cache: false } };

/** What docs/RECIPES.md has Jest do: CommonJS, by Babel. With the tools by where they are. */
function documentedSettings(workshop: Workshop): object {
  const [settings] = groupsOf(
    read('docs/RECIPES.md'),
    /^```json\n(\{\n {2}"testEnvironment"[^]*?)^```$/gm,
  );
  assert.ok(settings !== undefined);
  const at = (tool: string): string => JSON.stringify(programOf(workshop, tool, TOOLS));
  return JSON.parse(
    settings.replaceAll(/"(jest-fixed-jsdom|babel-jest|@babel\/preset-env)"/g, (_, tool: string) =>
      at(tool),
    ),
  ) as object;
}

export const runInJest = (place: Place, core: Core): Promise<string> =>
  jest(place, core, JEST, ['--experimental-vm-modules']);

export const runInJestByBabel = (place: Place, core: Core): Promise<string> =>
  jest(place, core, documentedSettings(place.workshop), []);

async function jest(
  place: Place,
  core: Core,
  settings: object,
  flags: readonly string[],
): Promise<string> {
  const { workshop, folder } = place;
  writeFileSync(
    path.join(folder, 'jest.config.json'),
    JSON.stringify({ ...PATIENCE, ...settings }),
  );
  return resultOf(place, core, [
    ...flags,
    programOf(workshop, 'jest/bin/jest.js', TOOLS),
    ...['--config', 'jest.config.json', '--no-cache', '--watchman=false', TEST],
  ]);
}

export async function runInVitest(place: Place, core: Core): Promise<string> {
  const { workshop, folder } = place;
  const config = `export default ${JSON.stringify(VITEST)};\n`;
  writeFileSync(path.join(folder, 'vitest.config.js'), config);
  return resultOf(place, core, [
    programOf(workshop, 'vitest/vitest.mjs', TOOLS),
    ...['run', '--config', 'vitest.config.js', TEST],
  ]);
}

async function resultOf(place: Place, core: Core, args: readonly string[]): Promise<string> {
  const { workshop, folder, api } = place;
  const result = path.join(folder, 'result.json');
  rmSync(result, { force: true });
  await run(process.execPath, args, folder, {
    API: api,
    CORE: core,
    RESULT: result,
    JSDOM: programOf(workshop, 'jest-environment-jsdom', TOOLS),
  });
  return readFileSync(result, 'utf8');
}
