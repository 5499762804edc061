import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** One way in which people bring a package to the browser: no configuration but what it must have. */
export interface Bundler {
  readonly name: string;
  /** The file of app/ that uses the package; app.js if left out. */
  readonly script?: string;
  /** What goes into the app's folder, beside that, by path. */
  readonly files: Record<string, string>;
  /** The program of node_modules/.bin and its arguments; left out where there is nothing to build. */
  readonly build?: readonly string[];
  /** What is to be served, relative to the app's folder. */
  readonly output: string;
  /** Serves by itself: the arguments for its program, after which the port follows. */
  readonly serve?: readonly string[];
  /** Its own pages have inline scripts: a Content-Security-Policy has to allow them. */
  readonly inlineScripts?: boolean;
  /** The app wants all in one file: the JavaScript build, too. */
  readonly oneFile?: boolean;
  /** Changes files of the app before it is built. */
  readonly prepare?: (folder: string) => void;
  /** A page of a server component that decodes `?token=…`. */
  readonly serverPage?: string;
}

const page = (script: string): string =>
  `<!doctype html>\n<html lang="en">\n<title>An app</title>\n<body>${script}</body>\n</html>\n`;
const modulePage = (source: string): string =>
  page(`<script type="module" src="${source}"></script>`);

/** What a browser without an import map needs, which would be an inline script. */
const withPaths =
  (script: string) =>
  (folder: string): void => {
    const file = path.join(folder, script);
    const source = readFileSync(file, 'utf8');
    writeFileSync(file, source.replace("'bearerkit'", "'./node_modules/bearerkit/dist/index.js'"));
  };

/** The JavaScript build beside a bundle, copied by hand. */
const withCopy = (folder: string): void => {
  const file = 'javascript.js';
  copyFileSync(
    path.join(folder, 'node_modules/bearerkit/dist', file),
    path.join(folder, 'dist', file),
  );
};

/** The line for bundlers that do not copy the JavaScript build. */
const withLine =
  (script: string) =>
  (folder: string): void => {
    const file = path.join(folder, script);
    const line =
      "import { useJavaScriptBuild } from 'bearerkit';\nuseJavaScriptBuild(() => import('bearerkit/javascript'));\n";
    writeFileSync(file, readFileSync(file, 'utf8') + line);
  };

/** A page that lets a worker do it all. `start` declares `worker`, and `end`, which is called at the end. */
const workerPage = (start: string): string => `
globalThis.result = new Promise((resolve, reject) => {
  const { port1, port2 } = new MessageChannel();
  (async () => {
    ${start}
    port1.onmessage = ({ data }) => end().then(() => resolve(data));
    worker.postMessage('go', [port2]);
  })().catch(reject);
});
`;

const WEB_WORKER = workerPage(`
    const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
    worker.onerror = ({ message }) => reject(new Error(message));
    const end = async () => worker.terminate();
`);

const SERVICE_WORKER = workerPage(`
    const registration = await navigator.serviceWorker.register('./worker.js');
    const worker = registration.installing ?? registration.waiting ?? registration.active;
    await new Promise((active) => {
      const look = () => worker.state === 'activated' && active();
      worker.addEventListener('statechange', look);
      look();
    });
    // The next page has another policy: the worker is to start anew.
    const end = () => registration.unregister();
`);

export const BUNDLERS: readonly Bundler[] = [
  {
    name: 'no bundler',
    files: { 'index.html': modulePage('./app.js') },
    output: '.',
    prepare: withPaths('app.js'),
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
    prepare: withLine('app.js'),
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
    prepare: withLine('app.js'),
  },
  {
    name: 'one file, esbuild',
    files: { 'dist/index.html': modulePage('./app.js') },
    build: ['esbuild', 'app.js', '--bundle', '--format=esm', '--minify', '--outdir=dist'],
    output: 'dist',
    prepare: withCopy,
  },
  {
    name: 'one file, Rollup',
    files: { 'dist/index.html': modulePage('./app.js') },
    build: [
      'rollup',
      'app.js',
      '--file',
      'dist/app.js',
      '--format',
      'es',
      '--inlineDynamicImports',
      '--plugin',
      'node-resolve',
    ],
    output: 'dist',
    prepare: withCopy,
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
    serverPage: '/server',
  },
  {
    name: 'a worker, no bundler',
    script: 'worker.js',
    files: { 'index.html': modulePage('./page.js'), 'page.js': WEB_WORKER },
    output: '.',
    prepare: withPaths('worker.js'),
  },
  {
    name: 'a worker, Vite',
    script: 'worker.js',
    files: { 'index.html': modulePage('./page.js'), 'page.js': WEB_WORKER },
    build: ['vite', 'build'],
    output: 'dist',
  },
  {
    // It has no `import()`: one file.
    name: 'a service worker, esbuild',
    script: 'worker.js',
    files: { 'dist/index.html': modulePage('./page.js'), 'dist/page.js': SERVICE_WORKER },
    build: ['esbuild', 'worker.js', '--bundle', '--minify', '--outdir=dist'],
    output: 'dist',
    oneFile: true,
    prepare: withLine('worker.js'),
  },
];
