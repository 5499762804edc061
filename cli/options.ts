// What was asked for. Secrets come from files and standard input only: a command line is seen by
// others, and kept. No message quotes a value, for it may be a secret all the same.
import { parseArgs } from 'node:util';

import type { Dialect, Mode } from 'bearerkit';

export interface Options {
  /** A protected address, which wants the token. */
  readonly api: URL;
  readonly refresh: URL | undefined;
  readonly login: URL | undefined;
  readonly signOut: URL | undefined;
  /** An address of the API that takes POST. */
  readonly unsafe: URL | undefined;
  /** A file with the session, `-` for standard input. */
  readonly tokens: string | undefined;
  readonly mode: Mode;
  readonly dialect: Dialect | undefined;
  readonly clientId: string | undefined;
  /** Of the page that calls; undefined: the backend's own. */
  readonly origin: string | undefined;
  readonly csrf: { readonly header: string; readonly value: string };
  /** A cookie whose value is sent in the header instead (double submit). */
  readonly csrfCookie: string | undefined;
  /** How long a used refresh token may go on working, in seconds. */
  readonly grace: number;
  /** How long to wait for an answer, in seconds. */
  readonly timeout: number;
  readonly json: boolean;
}

/** It was called wrongly. */
export class UsageError extends Error {}

export const USAGE = `Usage: bearerkit doctor <url> [options]

Checks a backend and prints what to mend. Alone, <url> is a protected address of the API, and only
what can be seen without tokens is checked. With --login or --tokens it also sends forged tokens, and
looks at the real ones. With --refresh, too, it refreshes several times and replays a used refresh
token on purpose: THE SESSION IS USED UP. Take one made for this.

  --api URL          a protected address of the API, answered with 200 to GET (default: <url>)
  --refresh URL      the refresh endpoint
  --login URL        the login; what to post there is read from standard input (JSON or a form)
  --tokens FILE      instead of --login: the session. In mode bearer the token response as JSON,
                     else the value of a Cookie header. - is standard input
  --mode MODE        bearer (default), hybrid or cookie
  --sign-out URL     the endpoint of the sign-out. With --login: the doctor signs in twice more, and
                     out again, to see that this ends a session
  --unsafe URL       mode cookie: an address of the API that takes POST. It is sent two without a
                     body, one of them as another site's page would: to see that this is refused
  --dialect DIALECT  oauth or json (default: that of the tokens; else oauth
                     with --client-id, json without)
  --client-id ID     sent as client_id in the dialect oauth
  --origin ORIGIN    the page's origin, where it is not the backend's: checks CORS
  --csrf NAME:VALUE  the header against CSRF in mode hybrid and cookie (default: X-CSRF:1)
  --csrf-cookie NAME sends the value of this cookie in that header (double submit)
  --grace SECONDS    how long a used refresh token may go on working (default: 10)
  --timeout SECONDS  how long to wait for an answer (default: 15)
  --json             for programs

URLs may be relative to <url>. Tokens and passwords are never printed. Exit code: 0 nothing to mend,
1 something to mend, 2 called wrongly.

  bearerkit doctor https://api.example.com/me
  bearerkit doctor https://api.example.com --api /me --refresh /auth/refresh \\
    --origin https://app.example.com --tokens tokens.json
  bearerkit doctor https://example.com --api /api/me --refresh /session/refresh --mode hybrid \\
    --login /session/login < credentials.json`;

const STRING = { type: 'string' } as const;

const PARAMETERS = {
  api: STRING,
  refresh: STRING,
  login: STRING,
  'sign-out': STRING,
  unsafe: STRING,
  tokens: STRING,
  mode: STRING,
  dialect: STRING,
  'client-id': STRING,
  origin: STRING,
  csrf: STRING,
  'csrf-cookie': STRING,
  grace: STRING,
  timeout: STRING,
  json: { type: 'boolean' },
} as const;

/** @throws {UsageError} */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parse(args);
  const [command, target, ...rest] = positionals;
  if (command !== 'doctor') throw new UsageError('the only command is doctor');
  if (target === undefined) throw new UsageError('doctor needs the URL of a backend');
  if (rest.length > 0) throw new UsageError('doctor takes one URL; tokens are read from a file');
  if (values.login !== undefined && values.tokens !== undefined) {
    throw new UsageError('--login and --tokens exclude each other');
  }
  const base = readUrl('<url>', target);
  const at = (name: 'api' | 'refresh' | 'login' | 'sign-out' | 'unsafe'): URL | undefined =>
    values[name] === undefined ? undefined : readUrl(`--${name}`, values[name], base);
  return {
    api: at('api') ?? base,
    refresh: at('refresh'),
    login: at('login'),
    signOut: at('sign-out'),
    unsafe: at('unsafe'),
    tokens: values.tokens,
    mode: oneOf('--mode', values.mode ?? 'bearer', ['bearer', 'hybrid', 'cookie']),
    dialect: values.dialect === undefined ? undefined : readDialect(values.dialect),
    clientId: values['client-id'],
    origin: values.origin === undefined ? undefined : readOrigin(values.origin),
    csrf: readCsrf(values.csrf ?? 'X-CSRF:1'),
    csrfCookie: values['csrf-cookie'],
    grace: readSeconds('--grace', values.grace ?? '10'),
    timeout: readSeconds('--timeout', values.timeout ?? '15'),
    json: values.json ?? false,
  };
}

function parse(
  args: readonly string[],
): ReturnType<
  typeof parseArgs<{ options: typeof PARAMETERS; allowPositionals: true; args: string[] }>
> {
  try {
    return parseArgs({ args: [...args], options: PARAMETERS, allowPositionals: true });
  } catch (error) {
    // Node's own message quotes what was given.
    const name = /'(--[a-z-]{1,20})[ ='<]/.exec(error instanceof Error ? error.message : '')?.[1];
    throw new UsageError(`${name ?? 'an option'} is not known, or has no fitting value`);
  }
}

function readUrl(name: string, text: string, base?: URL): URL {
  const url = URL.canParse(text, base) ? new URL(text, base) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`${name} must be an http or https URL`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new UsageError(`${name} must hold no user and no password`);
  }
  return url;
}

function readDialect(text: string): Dialect {
  return oneOf('--dialect', text, ['oauth', 'json']);
}

function readOrigin(text: string): string {
  const { origin, href } = readUrl('--origin', text);
  if (href !== `${origin}/`) throw new UsageError('--origin must be like https://app.example.com');
  return origin;
}

function readCsrf(text: string): Options['csrf'] {
  const [, header = '', value = ''] = /^([\w-]+):(.*)$/.exec(text) ?? [];
  if (header === '') throw new UsageError('--csrf must be like X-CSRF:1');
  return { header, value: value.trim() };
}

function readSeconds(name: string, text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new UsageError(`${name} must be a number of seconds`);
  return Number(text);
}

function oneOf<Word extends string>(name: string, text: string, words: readonly Word[]): Word {
  const word = words.find((candidate) => candidate === text);
  if (word === undefined) throw new UsageError(`${name} must be ${words.join(' or ')}`);
  return word;
}
