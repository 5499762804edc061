// Examines a backend that has one flaw and no other.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { doctor } from '../../../cli/doctor.ts';
import { readOptions } from '../../../cli/options.ts';
import type { Finding } from '../../../cli/report.ts';
import { type Behaviour, type Mode, PAGE, PASSWORD, startBackend } from './backend.ts';
import { assertSecret, faultsIn } from './doctor.ts';

export const LOGIN = JSON.stringify({ user: 'ada', password: PASSWORD });

// In this process: a process for each would take most of the time to start.
export async function examineBackend(
  t: TestContext,
  mode: Mode,
  flaw: Partial<Behaviour>,
  page = PAGE,
): Promise<{ findings: readonly Finding[]; text: string; json: string }> {
  const backend = await startBackend(t, mode, flaw);
  const urls = ['--login', '/login', '--refresh', '/refresh', '--sign-out', '/logout'];
  urls.push('--origin', page);
  if (mode === 'cookie') urls.push('--unsafe', '/api');
  const args = ['doctor', backend.url('/api'), '--mode', mode, ...urls, '--grace', '0'];
  const report = await doctor(readOptions(args), LOGIN);
  const [text, json] = [report.asText(), report.asJson()];
  assertSecret(text + json, backend.secrets);
  return { findings: report.findings(), text, json };
}

export interface Flaw {
  readonly name: string;
  readonly flaw: Partial<Behaviour>;
  /** What is not in order, as `check: level`, and nothing else. */
  readonly finds: readonly string[];
  readonly mode?: Mode;
  readonly page?: string;
}

/** H2: a test for each. */
export function testFlaws(flaws: readonly Flaw[]): void {
  for (const { name, flaw, finds, mode = 'bearer', page } of flaws) {
    test(`H2 ${mode}: ${name}`, async (t) => {
      const { findings, text } = await examineBackend(t, mode, flaw, page);
      assert.deepEqual(faultsIn(findings), finds, text);
      for (const { level, advice, seen } of findings) {
        assert.match(seen, /^[A-Z].*\.$/);
        assert.equal(advice === undefined, level === 'ok');
      }
    });
  }
}
