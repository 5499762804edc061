// Where the results of a whole run go: docs/BENCHMARK.md, docs/benchmark.svg, and the summary in README.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import type { Results } from '../run/everything.ts';
import { plot } from './plot.ts';
import { benchmarkDocument, summary } from './table.ts';

const at = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const IN_README = /^<!-- benchmark -->$[^]*?^<!-- end of benchmark -->$/m;

export async function writeReport(results: Results): Promise<void> {
  writeFileSync(at('docs/benchmark.svg'), plot(results));
  await writeMarkdown('docs/BENCHMARK.md', benchmarkDocument(results));
  const readme = readFileSync(at('README.md'), 'utf8');
  if (!IN_README.test(readme)) throw new Error('README.md has no place for the benchmark');
  const part = `<!-- benchmark -->\n\n${summary(results)}\n\n<!-- end of benchmark -->`;
  await writeMarkdown(
    'README.md',
    readme.replace(IN_README, () => part),
  );
}

async function writeMarkdown(path: string, text: string): Promise<void> {
  const options = { ...(await resolveConfig(at(path))), parser: 'markdown' };
  writeFileSync(at(path), await format(text, options));
}
