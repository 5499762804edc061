import path from 'node:path';
import { z } from 'zod';
import { type Algorithm, ALGORITHMS } from './key_ring.ts';

/** Everything an operator can choose. Times are in seconds. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  /** Absent: the embedded database in `dataDir`. */
  readonly databaseUrl: string | undefined;
  /** Where the embedded database and the secret are kept. */
  readonly dataDir: string;
  /** Absent: one is made at the first start and kept in `dataDir`. */
  readonly jwtSecret: string | undefined;
  /** Signs access tokens. ES256: anybody can verify them by /.well-known/jwks.json. */
  readonly jwtAlgorithm: Algorithm;
  readonly accessTokenSeconds: number;
  readonly refreshTokenSeconds: number;
  /** After so long a session ends, however often it was refreshed. */
  readonly sessionSeconds: number;
  /** How long a replay of the last rotated refresh token is forgiven; 0 forgives none. */
  readonly refreshGraceSeconds: number;
  readonly loginAttemptsPerMinute: number;
  /** How many passwords are hashed side by side, and how many more may wait for that. */
  readonly hashesAtOnce: number;
  readonly hashesWaiting: number;
  /** A request that has not arrived whole by then is cut off. */
  readonly requestSeconds: number;
  /** Origins, besides the server's own, whose pages may call with credentials. */
  readonly corsOrigins: readonly string[];
  /** Origins, besides the server's own, that the demo page may call (Content-Security-Policy). */
  readonly connectOrigins: readonly string[];
  /** How many proxies in front are believed when they say who the client is. */
  readonly trustProxy: number;
  readonly accessLog: boolean;
  /** Demo mode: demo accounts and the /demo routes exist. Only where it was asked for. */
  readonly demo: boolean;
  readonly staticDir: string;
  readonly packageDir: string;
  /** Whether the demo page may use WebAssembly (Content-Security-Policy); else its core is JavaScript. */
  readonly allowWasm: boolean;
}

/** A refusal to start. Its message names variables and rules, never a value: one may be a secret. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

const TEN_YEARS = 315_360_000;

const wholeNumber = (least: number, most: number, otherwise: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/)
    .transform(Number)
    .refine((value) => value >= least && value <= most)
    .default(otherwise);

function isOrigin(text: string): boolean {
  // Origins are compared as strings later on, so only the form that a browser sends will do:
  // `https://app.example.com`, not `https://app.example.com/` and not `HTTPS://…`.
  return (
    URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text
  );
}

const originList = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .refine((parts) => parts.every(isOrigin))
  .default([]);

const variables = z.object({
  HOST: z.string().min(1).max(255).default('localhost'),
  PORT: wholeNumber(0, 65_535, 8080),
  DATABASE_URL: z
    .string()
    .refine((text) => URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol))
    .optional(),
  DATA_DIR: z.string().min(1).default('.data'),
  JWT_SECRET: z.string().min(32).optional(),
  JWT_ALGORITHM: z.enum(ALGORITHMS).default('ES256'),
  ACCESS_TOKEN_SECONDS: wholeNumber(1, 86_400, 900),
  REFRESH_TOKEN_SECONDS: wholeNumber(1, TEN_YEARS, 604_800),
  SESSION_SECONDS: wholeNumber(1, TEN_YEARS, 2_592_000),
  REFRESH_GRACE_SECONDS: wholeNumber(0, 3600, 10),
  LOGIN_ATTEMPTS_PER_MINUTE: wholeNumber(1, 1_000_000, 10),
  HASHES_AT_ONCE: wholeNumber(1, 64, 2),
  HASHES_WAITING: wholeNumber(0, 10_000, 20),
  REQUEST_SECONDS: wholeNumber(1, 3600, 30),
  CORS_ORIGINS: originList,
  CONNECT_ORIGINS: originList,
  TRUST_PROXY: wholeNumber(0, 16, 0),
  ACCESS_LOG: z.enum(['on', 'off']).default('on'),
  STATIC_DIR: z.string().min(1).default('build/demo/page'),
  PACKAGE_DIR: z.string().min(1).default('dist'),
  ALLOW_WASM: z.enum(['on', 'off']).default('on'),
  DEMO: z.enum(['on', 'off']).default('off'),
});

/** The names of all settings; docs/SERVER.md describes them. */
export const SETTING_NAMES: readonly string[] = Object.keys(variables.shape);

const RULES: Readonly<Record<keyof typeof variables.shape, string>> = {
  HOST: 'a host name or an address',
  PORT: 'a whole number from 0 to 65535',
  DATABASE_URL: 'a URL that starts with postgres:// or postgresql://',
  DATA_DIR: 'a folder',
  JWT_SECRET: 'at least 32 characters, or not set at all',
  JWT_ALGORITHM: 'ES256 or HS256',
  ACCESS_TOKEN_SECONDS: 'a whole number from 1 to 86400',
  REFRESH_TOKEN_SECONDS: `a whole number from 1 to ${TEN_YEARS}`,
  SESSION_SECONDS: `a whole number from 1 to ${TEN_YEARS}`,
  REFRESH_GRACE_SECONDS: 'a whole number from 0 to 3600',
  LOGIN_ATTEMPTS_PER_MINUTE: 'a whole number from 1 to 1000000',
  HASHES_AT_ONCE: 'a whole number from 1 to 64',
  HASHES_WAITING: 'a whole number from 0 to 10000',
  REQUEST_SECONDS: 'a whole number from 1 to 3600',
  CORS_ORIGINS: 'a comma-separated list of origins such as https://app.example.com',
  CONNECT_ORIGINS: 'a comma-separated list of origins such as https://api.example.com',
  TRUST_PROXY: 'a whole number from 0 to 16',
  ACCESS_LOG: 'on or off',
  STATIC_DIR: 'a folder',
  PACKAGE_DIR: 'a folder',
  ALLOW_WASM: 'on or off',
  DEMO: 'on or off',
};

/**
 * Reads the settings out of an environment. Relative folders are under `projectDir`.
 * An empty value counts as not set, as `.env` files mean it; not so JWT_SECRET, where an
 * empty value is far more likely a secret that failed to arrive.
 *
 * @throws SettingsError naming every variable with a bad value, and what it has to be.
 */
export function readSettings(env: NodeJS.ProcessEnv, projectDir: string): Settings {
  const given = Object.fromEntries(
    Object.entries(env).filter(([name, value]) => value !== '' || name === 'JWT_SECRET'),
  );
  const result = variables.safeParse(given);
  if (!result.success) {
    const names = new Set(result.error.issues.map((issue) => String(issue.path[0])));
    throw new SettingsError([...names].map((name) => `${name} must be ${ruleOf(name)}`).join('; '));
  }
  const values = result.data;
  return {
    host: values.HOST,
    port: values.PORT,
    databaseUrl: values.DATABASE_URL,
    dataDir: path.resolve(projectDir, values.DATA_DIR),
    jwtSecret: values.JWT_SECRET,
    jwtAlgorithm: values.JWT_ALGORITHM,
    accessTokenSeconds: values.ACCESS_TOKEN_SECONDS,
    refreshTokenSeconds: values.REFRESH_TOKEN_SECONDS,
    sessionSeconds: values.SESSION_SECONDS,
    refreshGraceSeconds: values.REFRESH_GRACE_SECONDS,
    loginAttemptsPerMinute: values.LOGIN_ATTEMPTS_PER_MINUTE,
    hashesAtOnce: values.HASHES_AT_ONCE,
    hashesWaiting: values.HASHES_WAITING,
    requestSeconds: values.REQUEST_SECONDS,
    corsOrigins: values.CORS_ORIGINS,
    connectOrigins: values.CONNECT_ORIGINS,
    trustProxy: values.TRUST_PROXY,
    accessLog: values.ACCESS_LOG === 'on',
    demo: values.DEMO === 'on',
    staticDir: path.resolve(projectDir, values.STATIC_DIR),
    packageDir: path.resolve(projectDir, values.PACKAGE_DIR),
    allowWasm: values.ALLOW_WASM === 'on',
  };
}

function ruleOf(name: string): string {
  return Object.entries(RULES).find(([variable]) => variable === name)?.[1] ?? 'valid';
}
