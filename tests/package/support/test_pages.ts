// The pages of test runners: jsdom in Jest and in Vitest.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Core } from './cores.ts';
import { programOf, run } from './fresh_app.ts';
import type { Place } from './runtimes.ts';

const TOOLS = 'environments';
const TEST = 'jsdom/session.test.js';

// ES modules as they are: no Babel.
const JEST = { rootDir: '.', testEnvironment: './jsdom/with_fetch.cjs', transform: {} };
const VITEST = { test: { environment: 'jsdom', globals: true, cache: false } };

export async function runInJest(place: Place, core: Core): Promise<string> {
  const { workshop, folder } = place;
  writeFileSync(path.join(folder, 'jest.config.json'), JSON.stringify(JEST));
  return resultOf(place, core, [
    '--experimental-vm-modules',
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
