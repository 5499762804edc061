// Brings what building and testing need, and says so first. With everything in place it looks at
// a few dozen files and starts no process. This and all it imports use nothing but Node itself.
//   node scripts/setup.mjs [--tests]
import { CommandFailed, runMain } from './lib/run.mjs';
import { installMissing } from './setup/apt.mjs';
import { installNodeModules } from './setup/npm.mjs';
import { forBuild, forTests } from './setup/requirements.mjs';

/** @param {{ forTests: boolean }} what */
export async function ensureSetup(what) {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    throw new CommandFailed(`Node 20 or newer is needed; this is ${process.versions.node}.`);
  }
  await installMissing(what.forTests ? [...forBuild, ...forTests] : forBuild);
  await installNodeModules(what);
}

await runMain(import.meta, async () => {
  await ensureSetup({ forTests: process.argv.includes('--tests') });
  console.log('setup: everything is in place');
});
