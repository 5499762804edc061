// Texts on their way into linear memory and back (js/core/memory.ts).
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { USUAL_INPUT_BYTES } from '#generated/abi';

import { openMemory } from '../../js/core/memory.ts';

const ADDRESS = 8;
const memory = openMemory({ buffer: new ArrayBuffer(1 << 18) }, () => ADDRESS, false);

const around = [-2, -1, 0, 1, 2].map((more) => USUAL_INPUT_BYTES + more);
for (const length of [1, 2, ...around]) {
  test(`D7 a text of ${length} characters is written whole, whatever they are`, () => {
    const ascii = 'x'.repeat(length - 1);
    for (const text of [`${ascii}x`, `${ascii}é`, `é${ascii}`, `${ascii}€`, 'é'.repeat(length)]) {
      const written = memory.write(text);
      assert.equal(memory.readText(ADDRESS, written), text);
    }
  });
}
