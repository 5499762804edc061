// The table of docs/SERVER.md is complete, and its defaults are those of the code.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { readSettings, SETTING_NAMES } from '../../demo/server/settings.ts';

const TEXT = readFileSync(new URL('../../docs/SERVER.md', import.meta.url), 'utf8');
const ROWS = new Map(
  [...TEXT.matchAll(/^\| `([A-Z_]+)` +\| (?:`([^`]*)`|–) +\|/gm)].map(
    ([, name = '', byDefault]) => [name, byDefault],
  ),
);

test('V6 docs/SERVER.md names every setting and no other', () => {
  assert.deepEqual([...ROWS.keys()].sort(), [...SETTING_NAMES].sort());
});

test('V6 the defaults in docs/SERVER.md are those of the code', () => {
  const stated = [...ROWS].filter(([, byDefault]) => byDefault !== undefined);
  const settings = readSettings(
    Object.fromEntries(stated.map(([name, byDefault]) => [name, byDefault])),
    '/project',
  );
  assert.deepEqual(settings, readSettings({}, '/project'));
});
