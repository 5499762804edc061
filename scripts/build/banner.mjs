// The first line of each JavaScript file in the package.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/run.mjs';

export function banner() {
  /** @type {unknown} */
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { version } = /** @type {{ version: string }} */ (manifest);
  return `/*! bearerkit ${version}, MIT; holds parts of nlohmann/json, MIT */\n`;
}
