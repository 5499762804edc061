// The benchmark of the reference server runs, once and shortly.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareServers } from './server/compare.ts';
import { measureFlood } from './server/flood.ts';

test('the benchmark of the server counts refreshes and checks of each group of processes', async () => {
  const table = await compareServers({ processes: [1, 2], users: 2, rounds: 1, milliseconds: 1 });
  const rows = table.split('\n').slice(2, 4);
  assert.match(table, /\n\n4 families, \d+ refreshes: each family is one lineage\.$/);
  for (const row of rows)
    assert.match(row, /^\| [12] \| [\d.]+ \| .+ \| [\d.]+ \| [\d.]+ \| .+ \| [\d.]+ \|$/);
});

test('the benchmark of a flood of logins measures /api in quiet and during it', async () => {
  const table = await measureFlood({ calls: 1 });
  assert.match(table, /^\| quiet \| [\d.]+ ms .*\n\| 90 bad logins at once \| [\d.]+ ms/m);
});
