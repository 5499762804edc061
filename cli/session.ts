// The session to check with: from a login, from a file or from standard input.
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

import type { Dialect } from 'bearerkit';

import {
  credentialsIn,
  csrfHeader,
  dialectOf,
  NO_CREDENTIALS,
  type Credentials,
} from './client.ts';
import { readCookies } from './cookies.ts';
import { ask, membersOf, type Answer } from './http.ts';
import { UsageError, type Options } from './options.ts';

export interface Session {
  readonly credentials: Credentials;
  readonly dialect: Dialect | undefined;
  /** The login's; undefined where the session came from a file. */
  readonly answer: Answer | undefined;
}

/** What is to be read before anything is asked; undefined where no session was offered. */
export async function readInput({ login, tokens }: Options): Promise<string | undefined> {
  if (login !== undefined) return readText('-', '--login');
  return tokens === undefined ? undefined : readText(tokens, '--tokens');
}

export async function startSession(options: Options, input: string): Promise<Session> {
  if (options.login !== undefined) {
    const answer = await ask(options, options.login, {
      method: 'POST',
      headers: {
        accept: 'application/json',
        'content-type': isJson(input) ? 'application/json' : 'application/x-www-form-urlencoded',
        ...(options.mode === 'bearer' ? {} : csrfHeader(options, new Map())),
      },
      body: input.trim(),
    });
    return { ...sessionIn(answer), answer };
  }
  if (options.mode !== 'bearer') {
    const cookies = readCookies(input.trim());
    return { credentials: { ...NO_CREDENTIALS, cookies }, dialect: undefined, answer: undefined };
  }
  if (!isJson(input)) throw new UsageError('--tokens must be a token response, as a JSON object');
  return { ...sessionIn({ text: input, headers: new Headers() }), answer: undefined };
}

function sessionIn(answer: Pick<Answer, 'text' | 'headers'>): Omit<Session, 'answer'> {
  return { credentials: credentialsIn(answer, NO_CREDENTIALS), dialect: dialectOf(answer) };
}

async function readText(file: string, name: string): Promise<string> {
  if (file === '-' && process.stdin.isTTY) {
    console.error(`bearerkit: reading what ${name} needs from standard input`);
  }
  try {
    const content = file === '-' ? await text(process.stdin) : await readFile(file, 'utf8');
    if (content.trim() !== '') return content;
  } catch {
    // Told below: Node's own message names the file.
    throw new UsageError(`the file of ${name} cannot be read`);
  }
  throw new UsageError(`${name} was given nothing to read`);
}

function isJson(input: string): boolean {
  return Object.keys(membersOf({ text: input })).length > 0;
}
