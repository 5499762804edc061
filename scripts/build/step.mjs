// A step of the build: done again only when an input changed or an output is gone.
import { hashOf } from '../lib/files.mjs';
import { isDone, markDone, markUndone } from '../lib/stamps.mjs';

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {() => string[]} inputs files; asked for just before the step, after those before it
 * @property {() => string[]} [extra] what else the result depends on, e.g. the compiler's path
 * @property {string[]} outputs
 * @property {() => Promise<void>} run
 */

/**
 * @param {Step} step
 * @returns {Promise<boolean>} whether anything was done
 */
export async function runStep(step) {
  const key = hashOf([...step.inputs(), 'package-lock.json'], step.extra?.() ?? []);
  if (isDone(step.name, key, step.outputs)) return false;
  markUndone(step.name);
  const begin = performance.now();
  console.log(`build: ${step.name} …`);
  await step.run();
  markDone(step.name, key);
  console.log(`build: ${step.name}: ${((performance.now() - begin) / 1000).toFixed(1)} s`);
  return true;
}
