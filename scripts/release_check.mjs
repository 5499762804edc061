// What npm runs before it publishes: a version that is meant to be found must say where it comes from.
// npm refuses the provenance of a package whose repository is not its own.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFailed, root, runMain } from './lib/run.mjs';

const PLACEHOLDER = 'https://example.com/';

/**
 * @param {{ [name: string]: unknown }} manifest package.json
 * @param {string} changelog CHANGELOG.md
 * @returns {string[]} what is missing
 */
export function releaseFaults(manifest, changelog) {
  const faults = ['homepage', 'repository', 'bugs']
    .filter((name) => {
      const text = JSON.stringify(manifest[name] ?? '');
      return !text.includes('https://') || text.includes(PLACEHOLDER);
    })
    .map((name) => `package.json: ${name} is a placeholder`);
  const version = String(manifest['version']);
  if (!changelog.includes(`\n## [${version}] - `))
    faults.push(`CHANGELOG.md has no section of version ${version}`);
  return faults;
}

await runMain(import.meta, async () => {
  /** @param {string} file */
  const text = (file) => readFileSync(join(root, file), 'utf8');
  /** @type {unknown} */
  const manifest = JSON.parse(text('package.json'));
  const faults = releaseFaults(/** @type {{}} */ (manifest), text('CHANGELOG.md'));
  if (faults.length > 0) throw new CommandFailed(faults.join('\n'));
});
