// How much each subject downloads: the lines that an app would write, bundled by esbuild, minified, brotli.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { brotliSize } from '../../../scripts/lib/brotli.mjs';

const BENCH = fileURLToPath(new URL('..', import.meta.url));

/** What is used of it, by what the table calls it. */
const DECODERS: Record<string, string> = {
  'bearerkit, decodeJwt': "export { decodeJwt as decode } from 'bearerkit';",
  'bearerkit/decode, decodeJwt': "export { decodeJwt as decode } from 'bearerkit/decode';",
  'jose, decodeJwt': "export { decodeJwt as decode } from 'jose';",
  'jwt-decode': "export { jwtDecode as decode } from 'jwt-decode';",
};

const CLIENTS: Record<string, string> = {
  'bearerkit, createAuthClient': "export { createAuthClient } from 'bearerkit';",
  "the lesson's lines": "export { subject } from './subjects/lesson.ts';",
  ky: "export { default } from 'ky';",
  '@badgateway/oauth2-client':
    "export { OAuth2Client, OAuth2Fetch } from '@badgateway/oauth2-client';",
  'axios, axios-auth-refresh':
    "export { default } from 'axios';\nexport { createAuthRefresh } from 'axios-auth-refresh';",
  'oidc-client-ts, UserManager': "export { UserManager } from 'oidc-client-ts';",
  '@auth0/auth0-spa-js, Auth0Client': "export { Auth0Client } from '@auth0/auth0-spa-js';",
  '@supabase/auth-js, AuthClient': "export { AuthClient } from '@supabase/auth-js';",
};

export interface Size {
  readonly name: string;
  readonly bytes: number;
}

/** Those that only decode, and those that keep a session; without what pages use only without WebAssembly. */
export async function sizes(): Promise<{ decoders: Size[]; clients: Size[] }> {
  return { decoders: await sizesOf(DECODERS), clients: await sizesOf(CLIENTS) };
}

/** The modules that decode, each with its function `decode`, by the table's name. */
export async function decoderModules(): Promise<Map<string, Uint8Array>> {
  const modules = new Map<string, Uint8Array>();
  for (const [name, lines] of Object.entries(DECODERS)) modules.set(name, await bundled(lines));
  return modules;
}

async function sizesOf(all: Record<string, string>): Promise<Size[]> {
  const found: Size[] = [];
  for (const [name, lines] of Object.entries(all)) {
    found.push({ name, bytes: brotliSize(await bundled(lines)) });
  }
  return found;
}

async function bundled(lines: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: { contents: lines, resolveDir: BENCH },
    bundle: true,
    minify: true,
    format: 'esm',
    charset: 'utf8',
    logLevel: 'error',
    write: false,
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error('esbuild wrote nothing');
  return file.contents;
}
