import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** One way in which people bring a package to the browser: no configuration but what it must have. */
export interface Bundler {
  readonly name: string;
  /** What goes into the app's folder, beside app.js, by path. */
  readonly files: Record<string, string>;
  /** The program of node_modules/.bin and its arguments; left out where there is nothing to build. */
  readonly build?: readonly string[];
  /** What is to be served, relative to the app's folder. */
  readonly output: string;
  /** Serves by itself: the arguments for its program, after which the port follows. */
  readonly serve?: readonly string[];
  /** Its own pages have inline scripts: a Content-Security-Policy has to allow them. */
  readonly inlineScripts?: boolean;
  /** Changes files of the app before it is built. */
  readonly prepare?: (folder: string) => void;
}

const page = (script: string): string =>
  `<!doctype html>\n<html lang="en">\n<title>An app</title>\n<body>${script}</body>\n</html>\n`;
const modulePage = (source: string): string =>
  page(`<script type="module" src="${source}"></script>`);

export const BUNDLERS: readonly Bundler[] = [
  {
    name: 'no bundler',
    files: { 'index.html': modulePage('./app.js') },
    output: '.',
    // What a browser without an import map needs, which would be an inline script.
    prepare: (folder: string): void => {
      const file = path.join(folder, 'app.js');
      const source = readFileSync(file, 'utf8');
      writeFileSync(
        file,
        source.replace("'bearerkit'", "'./node_modules/bearerkit/dist/index.js'"),
      );
    },
  },
  {
    name: 'Vite',
    files: { 'index.html': modulePage('./app.js') },
    build: ['vite', 'build'],
    output: 'dist',
  },
  {
    name: 'webpack',
    files: { 'dist/index.html': page('<script src="./main.js"></script>') },
    build: ['webpack', 'build', '--mode', 'production', '--entry', './app.js', '-o', 'dist'],
    output: 'dist',
  },
  {
    name: 'Rollup',
    files: { 'dist/index.html': modulePage('./app.js') },
    build: ['rollup', 'app.js', '--dir', 'dist', '--format', 'es', '--plugin', 'node-resolve'],
    output: 'dist',
  },
  {
    name: 'esbuild',
    files: { 'dist/index.html': modulePage('./app.js') },
    build: [
      'esbuild',
      'app.js',
      '--bundle',
      '--splitting',
      '--format=esm',
      '--minify',
      '--outdir=dist',
    ],
    output: 'dist',
  },
  {
    name: 'Parcel',
    files: { 'index.html': modulePage('./app.js') },
    build: ['parcel', 'build', 'index.html', '--no-source-maps', '--no-cache'],
    output: 'dist',
    // Where its chunks are stands in an import map.
    inlineScripts: true,
  },
  {
    name: 'Next',
    files: {
      'app/layout.jsx':
        'export default function Layout({ children }) {\n  return <html lang="en"><body>{children}</body></html>;\n}\n',
      'app/page.jsx':
        "import { Client } from './client';\nexport default function Page() {\n  return <Client />;\n}\n",
      'app/client.jsx':
        "'use client';\nimport { useEffect } from 'react';\nexport function Client() {\n" +
        "  useEffect(() => void import('../app.js'), []);\n  return <p>client</p>;\n}\n",
      'app/server/page.jsx':
        "import { decodeJwt } from 'bearerkit';\nexport const dynamic = 'force-dynamic';\n" +
        'export default async function Page({ searchParams }) {\n' +
        '  const { token } = await searchParams;\n  return <p>sub={decodeJwt(token).sub}</p>;\n}\n',
    },
    build: ['next', 'build'],
    output: '.next',
    serve: ['next', 'start', '--hostname', '127.0.0.1', '--port'],
    inlineScripts: true,
  },
];
