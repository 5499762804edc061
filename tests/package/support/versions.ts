import { readFileSync } from 'node:fs';

interface Manifest {
  readonly devDependencies: Record<string, string>;
}

const read = (file: string): Manifest =>
  JSON.parse(readFileSync(new URL(`../tools/${file}`, import.meta.url), 'utf8')) as Manifest;

const versions = {
  ...read('package.json').devDependencies,
  ...read('runtimes/package.json').devDependencies,
  ...read('react_native/package.json').devDependencies,
  ...read('environments/package.json').devDependencies,
  ...read('frameworks/package.json').devDependencies,
};

/** In which version the tests install a package. */
export function versionOf(name: string): string {
  const version = versions[name];
  if (version === undefined) throw new Error(`The tests install no ${name}`);
  return version;
}
