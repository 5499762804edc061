// The benchmark runs: every subject does its rows, once. What it takes is nobody's business here.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plot } from './report/plot.ts';
import { benchmarkDocument, summary } from './report/table.ts';
import { ALLOCATED, NAMES, ROWS, subjectsOf } from './rows.ts';
import { measureAll } from './run/everything.ts';

test('every row of the benchmark has its numbers, from every subject and engine', async () => {
  const results = await measureAll(
    { rounds: 1, warmUp: 0, starts: 1, sharing: true, once: true },
    () => {},
  );
  assert.deepEqual(
    results.rows.map(({ row }) => row),
    [...ROWS, ALLOCATED],
  );
  for (const { row, engines } of results.rows) {
    assert.equal(engines.size, row.id === ALLOCATED.id ? 1 : 2);
    for (const outcomes of engines.values()) {
      assert.deepEqual(
        outcomes.map(({ subject }) => subject),
        subjectsOf(row),
      );
      for (const { each } of outcomes) assert.ok(each.median >= 0, row.title);
    }
  }
  assert.equal(results.starts.length, 4);
  for (const { bytes } of [...results.decoders, ...results.clients]) assert.ok(bytes > 100);

  const [table, document, picture] = [summary(results), benchmarkDocument(results), plot(results)];
  for (const { row } of results.rows) {
    assert.ok(table.includes(row.title));
    assert.ok(picture.includes(row.title));
    for (const subject of subjectsOf(row)) assert.ok(document.includes(NAMES[subject]));
  }
});
