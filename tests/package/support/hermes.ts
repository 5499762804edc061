// React Native's engine: an app as Metro bundles it, in the engine's own program. That has no sockets and
// no timers; it reads lines of code and prints lines. So this is the phone around it.
import { spawn } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { environment, programOf, run } from './fresh_app.ts';
import type { Place } from './runtimes.ts';

const RECIPE = fileURLToPath(new URL('../../recipes/code/react_native.ts', import.meta.url));
const TOOLS = 'react_native';
/** Only what has gone wrong takes so long. */
const LONGEST_MS = 300_000;

/** What app/hermes/ prints, one a line: see host.js there. */
type Message =
  { readonly said: unknown } | { readonly timer: number; readonly after: number } | NetworkRequest;

interface NetworkRequest {
  readonly request: number;
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: { readonly string?: string };
  /** In what the body of the answer is wanted. */
  readonly type: 'base64';
}

/** Gives what the app said. */
export async function runInHermes(place: Place): Promise<string> {
  const bundle = await bundleByMetro(place);
  const program = programOf(place.workshop, 'hermes-engine-cli/linux64-bin/hermes', TOOLS);
  const args = ['-Xes6-promise', '-w', '-prompt=', '-prompt2='];
  const hermes = spawn(program, args, { env: environment(), stdio: ['pipe', 'pipe', 'inherit'] });
  // An answer may come when it has ended: what it has said until then counts.
  hermes.stdin.on('error', () => {});
  const timers = new Set([setTimeout(() => hermes.kill(), LONGEST_MS)]);
  const evaluate = (code: string): void => {
    // One line each, and an answer that is no message.
    hermes.stdin.write(`void (0, eval)(${JSON.stringify(code)})\n`);
  };
  evaluate(readFileSync(bundle, 'utf8'));
  evaluate(`start(${JSON.stringify(place.api)})`);
  const noise: string[] = [];
  try {
    for await (const line of createInterface(hermes.stdout)) {
      const message = messageIn(line);
      if (message === undefined) noise.push(line);
      else if ('said' in message) return JSON.stringify(message.said);
      else if ('timer' in message) {
        timers.add(setTimeout(() => evaluate(`timeout(${message.timer})`), message.after));
      } else send(message, evaluate);
    }
    return `Hermes has ended: ${noise.join('\n')}`;
  } finally {
    for (const timer of timers) clearTimeout(timer);
    hermes.kill();
  }
}

function messageIn(line: string): Message | undefined {
  return line.startsWith('{') ? (JSON.parse(line) as Message) : undefined;
}

function send(message: NetworkRequest, evaluate: (code: string) => void): void {
  const { url, method, headers, body } = message;
  const sent = request(url, { method, headers: Object.fromEntries(headers), agent: false });
  sent.on('response', (answer) => {
    void answer.toArray().then((parts: Uint8Array[]) => {
      const { statusCode, headers: fields } = answer;
      const text = Buffer.concat(parts).toString(message.type);
      const args = [message.request, statusCode, fields, url, text];
      evaluate(`answer(${args.map((value) => JSON.stringify(value)).join()})`);
    });
  });
  sent.end(body.string);
}

/** As an app is bundled for production; gives the file. */
async function bundleByMetro({ workshop, folder }: Place): Promise<string> {
  cpSync(RECIPE, path.join(folder, 'hermes/recipe.ts'));
  writeFileSync(path.join(folder, 'metro.config.cjs'), configFor(programOf(workshop, '', TOOLS)));
  const bundle = path.join(folder, 'hermes.bundle.js');
  await run(
    programOf(workshop, '.bin/metro', TOOLS),
    [
      ...['build', 'hermes/index.js', '--config', 'metro.config.cjs', '--out', bundle],
      ...['--platform', 'android', '--dev', 'false', '--minify', 'true', '--max-workers', '1'],
    ],
    folder,
    // Its caches are to go with the app.
    { TMPDIR: folder },
  );
  return bundle;
}

/** React Native's own configuration, with the packages in a folder elsewhere. */
const configFor = (packages: string): string => `
const path = require('node:path');
const packages = ${JSON.stringify(packages)};
const config = require.resolve('@react-native/metro-config', { paths: [packages] });
const { getDefaultConfig, mergeConfig } = require(config);
const files = { 'expo-secure-store': 'secure_store.js', './recipe.js': 'recipe.ts' };
module.exports = mergeConfig(getDefaultConfig(__dirname), {
  watchFolders: [packages],
  resolver: {
    nodeModulesPaths: [packages],
    useWatchman: false,
    resolveRequest: (context, name, platform) =>
      name in files
        ? { type: 'sourceFile', filePath: path.join(__dirname, 'hermes', files[name]) }
        : context.resolveRequest(context, name, platform),
  },
});
`;
