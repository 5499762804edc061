// npm run sim -- --seed S --events N [--tabs T] [--swarm] [--trace] [--exhaustive] …: builds the
// simulator of tests/sim natively and runs it; `--help` lists all it takes.
import { withBuildLock } from './lib/lock.mjs';
import { runShowing } from './lib/progress.mjs';
import { isMain, root, run, runMain } from './lib/run.mjs';

export const simFolder = `${root}/build/sim`;

/** Builds it; gives the executable. */
export async function buildSim() {
  return withBuildLock(async () => {
    // Optimised, with assertions.
    await run('cmake', [
      ...['-S', root, '-B', simFolder, '-G', 'Ninja', '-DBEARERKIT_TESTS=OFF'],
      ...['-DCMAKE_CXX_COMPILER=g++', '-DCMAKE_BUILD_TYPE=', '-DCMAKE_CXX_FLAGS=-O2'],
    ]);
    await runShowing('building the simulator', 'cmake', ['--build', simFolder, '--target', 'sim'], {
      show: (line) => !/^\[\d+\/\d+\]/.test(line),
    });
    return `${simFolder}/tests/sim/sim`;
  });
}

if (isMain(import.meta)) {
  await runMain(async () => {
    const sim = await buildSim();
    const { code } = await run(sim, process.argv.slice(2), { show: true, allowFailure: true });
    process.exitCode = code;
  });
}
