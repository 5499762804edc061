// The order of the examination: what needs no token, then what uses the session up.
import type { Mode } from 'bearerkit';

import { checkAccepted, checkRefusedToken, checkWithoutToken } from './checks/api.ts';
import { apiTarget, checkCors, refreshTarget } from './checks/cors.ts';
import { checkCsrf, checkCsrfOfApi } from './checks/csrf.ts';
import { checkRefusal } from './checks/refusal.ts';
import { checkRotation, namesOfCookies } from './checks/rotation.ts';
import { checkLifetime, checkTokenAnswer } from './checks/tokens.ts';
import { isSafe, redeem, type Credentials } from './client.ts';
import type { Answer } from './http.ts';
import type { Options } from './options.ts';
import { Report, shown, type Check } from './report.ts';
import { startSession, type Session } from './session.ts';

const CORS: readonly Check[] = ['preflight', 'readable', 'exposed'];
const BY_COOKIE: readonly Check[] = ['hidden_tokens', 'cookie_flags', 'csrf'];
const IN_COOKIES: Record<Mode, readonly Check[]> = {
  bearer: [],
  hybrid: BY_COOKIE,
  cookie: [...BY_COOKIE, 'csrf_api'],
};
const BY_REFRESH: readonly Check[] = [
  'lifetime',
  'accepted',
  'shared_cache',
  'rotation',
  'grace',
  'reuse',
  'used_token',
];

const SILENT = 'the API could not be asked';

/**
 * `input` is what readInput gave.
 * @throws {UsageError} when that is no session
 */
export async function doctor(options: Options, input: string | undefined): Promise<Report> {
  const report = new Report(options);
  const safe = checkHttps(options, report);
  // First, for it tells the dialect.
  const session = input === undefined || !safe ? undefined : await startSession(options, input);
  const dialect =
    options.dialect ?? session?.dialect ?? (options.clientId === undefined ? 'json' : 'oauth');
  await checkFromOutside({ ...options, dialect }, report, safe, session);
  const inCookies = IN_COOKIES[options.mode];
  const bySession: readonly Check[] = ['token_response', 'no_store', ...inCookies, ...BY_REFRESH];
  if (session !== undefined) {
    report.usedSession = true;
    await checkSession({ ...options, dialect }, report, session);
    report.skip('there was no session to check it with', ...bySession);
  } else if (safe) {
    report.skip('give --login or --tokens (which uses that session up)', ...bySession);
  } else {
    report.skip('no token is sent by plain http', ...bySession);
  }
  return report;
}

function checkHttps({ api, refresh, login, unsafe }: Options, report: Report): boolean {
  const open = [api, refresh, login, unsafe].flatMap((url) =>
    url === undefined || isSafe(url) ? [] : [url],
  );
  for (const url of open) {
    report.bad(
      'https',
      `${shown(url)} is reached by plain http.`,
      'Serve it by https: the client sends no token there, as anybody on the way could take it.',
    );
  }
  report.ok('https', 'Tokens go by https, or stay on this machine.');
  return open.length === 0;
}

async function checkFromOutside(
  options: Options,
  report: Report,
  safe: boolean,
  session: Session | undefined,
): Promise<void> {
  const { refresh, origin, mode } = options;
  if (origin === undefined) {
    report.skip("give --origin, if pages of another origin than the backend's call it", ...CORS);
  }
  const answer = await checkWithoutToken(options, report);
  if (answer.status === 0) report.skip(SILENT, 'redirects');
  else report.ok('redirects', 'Nothing is redirected.');
  await checkCors(options, report, apiTarget(options), answer);
  if (mode !== 'cookie') {
    if (safe && answer.status !== 0) await checkRefusedToken(options, report);
    report.skip(SILENT, 'refused_token');
  }
  if (refresh === undefined) {
    report.skip('give --refresh', 'refusal');
    return;
  }
  const refusal = await checkRefusal(options, report, refresh, session?.credentials);
  await checkCors(options, report, refreshTarget(options, refresh), refusal);
}

async function checkSession(
  options: Options,
  report: Report,
  { credentials, answer }: Session,
): Promise<void> {
  if (answer !== undefined) {
    const url = options.login ?? options.api;
    const given = await checkTokenAnswer(options, report, { who: 'The login', url, answer });
    if (!given) return;
  }
  if (options.refresh === undefined) {
    report.skip(
      'give --refresh',
      ...BY_REFRESH,
      ...IN_COOKIES[options.mode].filter((check) => check.startsWith('csrf')),
    );
    return;
  }
  if (options.mode === 'bearer' && credentials.refreshToken === '') {
    report.warn(
      'token_response',
      'There is no refresh token.',
      'Issue one: else the session ends when its access token does.',
    );
    report.skip('the session has no refresh token', ...BY_REFRESH);
    return;
  }
  await checkRefreshes(options, report, options.refresh, { credentials, login: answer });
}

async function checkRefreshes(
  options: Options,
  report: Report,
  url: URL,
  { credentials, login }: { credentials: Credentials; login: Answer | undefined },
): Promise<void> {
  const start =
    options.mode === 'bearer' ? credentials : await checkCsrf(options, report, url, credentials);
  const first = await redeem(options, url, start);
  const { answer, next, outcome } = first;
  const who = 'The refresh endpoint';
  const given = await checkTokenAnswer(options, report, { who, url, answer });
  if (!given || outcome !== 'refreshed') return;
  checkLifetime(options, report, answer, next);
  await checkAccepted(options, report, next);
  if (options.mode === 'cookie') await checkCsrfOfApi(options, report, next);
  const names = namesOfCookies(options, login === undefined ? [answer] : [login, answer]);
  await checkRotation(options, report, url, { start, first, names });
}
