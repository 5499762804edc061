// H2, H3: what the doctor says of a backend without a flaw, and of the session it has used.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { doctor } from '../../cli/doctor.ts';
import { readOptions } from '../../cli/options.ts';
import { type Mode, startBackend } from './support/backend.ts';
import { faultsIn } from './support/doctor.ts';
import { examineBackend, LOGIN } from './support/flawed.ts';

for (const [mode, checks] of Object.entries({ bearer: 25, hybrid: 28, cookie: 28 })) {
  test(`H2 ${mode}: a backend without a flaw`, async (t) => {
    const { findings, json, text } = await examineBackend(t, mode as Mode, {});
    assert.deepEqual(faultsIn(findings), []);
    assert.equal(findings.length, checks);
    assert.deepEqual((JSON.parse(json) as { notChecked: unknown }).notChecked, []);
    assert.match(
      text,
      new RegExp(`^${checks} in order, 0 to look at, 0 to mend, 0 not checked$`, 'm'),
    );
  });
}

// What the session is good for afterwards has to be told as it is.
for (const [name, flaw, more, used] of [
  ['a login alone', {}, [], false],
  ['refreshes', {}, ['--refresh', '/refresh'], true],
  ['a refresh that renews nothing', { rotates: false }, ['--refresh', '/refresh'], false],
  ['a refresh that fails', { redirects: ['/refresh'] }, ['--refresh', '/refresh'], false],
] as const) {
  test(`H3 whether the session is used up: ${name}`, async (t) => {
    const backend = await startBackend(t, 'bearer', flaw);
    const args = ['doctor', backend.url('/api'), '--login', '/login', ...more, '--grace', '0'];
    const report = await doctor(readOptions(args), LOGIN);
    assert.equal(report.usedSession, used);
    assert.equal(/used up: sign in/.test(report.asText()), used);
    const seen = report.findings().map(({ check }) => check);
    // All that wants no refresh is checked.
    if (more.length === 0) {
      for (const check of ['lifetime', 'accepted', 'forged', 'secret'] as const) {
        assert.ok(seen.includes(check), check);
      }
      assert.equal(backend.to('/refresh').length, 0);
    }
  });
}
