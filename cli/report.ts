// What was seen. Texts are ours, with statuses, addresses without their query, and names of headers
// and cookies in them: nothing else of an answer, so no token gets in.
import type { Options } from './options.ts';

/** Every check, and what holds where it finds nothing to mend. */
export const CHECKS = {
  https: 'tokens travel by https only',
  redirects: 'nothing is redirected',
  unauthorized: 'a request without a token is answered with 401',
  challenge: 'a 401 says WWW-Authenticate: Bearer',
  refused_token: 'a token that is no good is answered so that the client refreshes',
  clock: "the server's clock and this one agree",
  preflight: 'pages of the origin may send what the client sends',
  readable: 'pages of the origin may read the answers, refusals too',
  exposed: 'pages of the origin may read the headers that the client reads',
  any_origin: 'no page of an unknown origin may read answers to requests with cookies',
  refusal: 'a refused refresh ends the session, and is no passing failure',
  token_response: 'the client takes what login and refresh answer',
  hidden_tokens: 'no answer shows the page a token that its cookie is to hide',
  no_store: 'answers with tokens are not stored by any cache',
  lifetime: 'expires_in and exp tell the same end',
  accepted: 'a fresh token opens the API',
  forged: 'a token that was edited, or is signed by nobody, is refused',
  secret: 'no secret that stands in tutorials signs the tokens',
  kinds: 'no token is taken for one of the other kind',
  shared_cache: 'no shared cache keeps what the API answers to one user',
  cookie_flags: "cookies are out of scripts' and other sites' reach",
  csrf: 'a refresh that another site could send is refused',
  csrf_api: 'an unsafe request that another site could send is refused',
  rotation: 'each refresh brings a new refresh token',
  grace: 'an answer that is lost does not end the session',
  reuse: 'a stolen refresh token that is used again ends the session',
  used_token: 'the refusal of a used refresh token ends the session',
  winner: 'a late refusal deletes no cookie that is newer than the request',
  sign_out: 'a sign-out ends the session',
  overtaken: 'a sign-out that a refresh overtook ends the session, too',
} as const;

export type Check = keyof typeof CHECKS;

export type Level = 'ok' | 'warning' | 'error';

export interface Finding {
  readonly check: Check;
  readonly level: Level;
  readonly seen: string;
  /** What to do. */
  readonly advice?: string;
}

const NAMES = Object.keys(CHECKS) as Check[];
const MARKS: Record<Level, string> = { ok: '✓', warning: '!', error: '✗' };
const COLUMN = Math.max(...NAMES.map((name) => name.length)) + 2;

export class Report {
  readonly #options: Options;
  readonly #findings: Finding[] = [];
  readonly #reasons = new Map<Check, string>();
  /** Whether the tokens of the session that was given are no longer good. */
  usedSession = false;

  constructor(options: Options) {
    this.#options = options;
  }

  ok(check: Check, seen: string): void {
    this.#add({ check, level: 'ok', seen });
  }

  /** Works, but less well or less safely than it could. */
  warn(check: Check, seen: string, advice: string): void {
    this.#add({ check, level: 'warning', seen, advice });
  }

  /** Breaks sessions, or puts tokens at risk. */
  bad(check: Check, seen: string, advice: string): void {
    this.#add({ check, level: 'error', seen, advice });
  }

  /** Says why checks are left out; the first reason counts, and only if they stay out. */
  skip(reason: string, ...checks: readonly Check[]): void {
    for (const check of checks) if (!this.#reasons.has(check)) this.#reasons.set(check, reason);
  }

  isGood(): boolean {
    return this.#count('error') === 0;
  }

  asJson(): string {
    const { api, refresh, mode, origin } = this.#options;
    return JSON.stringify(
      {
        api: shown(api),
        refresh: refresh === undefined ? null : shown(refresh),
        mode,
        origin: origin ?? null,
        good: this.isGood(),
        usedSession: this.usedSession,
        findings: this.findings(),
        notChecked: this.#notChecked().map(([check, reason]) => ({ check, reason })),
      },
      null,
      2,
    );
  }

  asText(): string {
    const { api, mode } = this.#options;
    const lines = [`bearerkit doctor: ${shown(api)}, mode ${mode}`, ''];
    const indent = ' '.repeat(COLUMN + 2);
    for (const { check, level, seen, advice } of this.findings()) {
      lines.push(`${MARKS[level]} ${check.padEnd(COLUMN)}${seen}`);
      if (advice !== undefined) lines.push(`${indent}→ ${advice}`);
    }
    const notChecked = this.#notChecked();
    for (const reason of new Set(notChecked.map(([, why]) => why))) {
      lines.push('', `Not checked: ${reason}`);
      for (const [check, why] of notChecked) {
        if (why === reason) lines.push(`– ${check.padEnd(COLUMN)}${CHECKS[check]}`);
      }
    }
    lines.push(
      '',
      `${this.#count('ok')} in order, ${this.#count('warning')} to look at, ` +
        `${this.#count('error')} to mend, ${notChecked.length} not checked`,
    );
    if (this.usedSession) lines.push('The session is used up: sign in again.');
    return lines.join('\n');
  }

  /** In the order of the checks; one line for what was found in order, however often. */
  findings(): Finding[] {
    return NAMES.flatMap((check) => {
      const found = this.#findings.filter((finding) => finding.check === check);
      const faults = found.filter(({ level }) => level !== 'ok');
      return faults.length > 0 ? faults : found.slice(0, 1);
    });
  }

  #add(finding: Finding): void {
    // The same cookie may be set twice.
    const again = this.#findings.some(
      ({ check, seen }) => check === finding.check && seen === finding.seen,
    );
    if (!again) this.#findings.push(finding);
  }

  #count(level: Level): number {
    return this.findings().filter((finding) => finding.level === level).length;
  }

  #notChecked(): [Check, string][] {
    const seen = new Set(this.#findings.map(({ check }) => check));
    return NAMES.flatMap((check): [Check, string][] => {
      const reason = this.#reasons.get(check);
      return reason === undefined || seen.has(check) ? [] : [[check, reason]];
    });
  }
}

/** An address without its query, which may hold secrets. */
export function shown(url: URL): string {
  return url.origin + url.pathname;
}
