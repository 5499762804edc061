// The order of the examination: what needs no token, then what uses the session up.
import type { Mode } from 'bearerkit';

import { checkAccepted, checkRefusedToken, checkWithoutToken } from './checks/api.ts';
import { apiTarget, checkAnyOrigin, checkCors, refreshTarget } from './checks/cors.ts';
import { checkCsrf, checkCsrfOfApi } from './checks/csrf.ts';
import { checkForged, checkKinds } from './checks/forged.ts';
import { checkRefusal } from './checks/refusal.ts';
import { checkRotation, namesOfCookies } from './checks/rotation.ts';
import { checkSecret } from './checks/secret.ts';
import { checkSignOut } from './checks/sign_out.ts';
import { checkLifetime, checkTokenAnswer } from './checks/tokens.ts';
import { isSafe, redeem, type Credentials } from './client.ts';
import { writeCookies } from './cookies.ts';
import type { Answer } from './http.ts';
import type { Options } from './options.ts';
import { Report, shown, type Check } from './report.ts';
import { startSession, type Session } from './session.ts';

const CORS: readonly Check[] = ['preflight', 'readable', 'exposed'];
const BY_COOKIE: readonly Check[] = ['hidden_tokens', 'cookie_flags', 'csrf', 'winner'];
const OF_MODE: Record<Mode, readonly Check[]> = {
  bearer: ['kinds'],
  hybrid: BY_COOKIE,
  cookie: [...BY_COOKIE, 'csrf_api'],
};
const BY_ACCESS_TOKEN: readonly Check[] = ['lifetime', 'accepted', 'shared_cache', 'forged'];
const BY_REFRESH: readonly Check[] = ['rotation', 'grace', 'reuse', 'used_token'];
const BY_SIGN_OUT: readonly Check[] = ['sign_out', 'overtaken'];

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
  const bySession: readonly Check[] = [
    ...(['token_response', 'no_store', 'secret'] as const),
    ...OF_MODE[options.mode],
    ...BY_ACCESS_TOKEN,
    ...BY_REFRESH,
    ...BY_SIGN_OUT,
  ];
  if (session !== undefined && input !== undefined) {
    await checkSession({ ...options, dialect }, report, session, input);
    report.skip('there was no session to check it with', ...bySession);
  } else if (safe) {
    report.skip('give --login or --tokens (which uses that session up)', ...bySession);
  } else {
    report.skip('no token is sent by plain http', ...bySession);
  }
  return report;
}

function checkHttps({ api, refresh, login, signOut, unsafe }: Options, report: Report): boolean {
  const open = [api, refresh, login, signOut, unsafe].flatMap((url) =>
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
  if (answer.status === 0) report.skip(SILENT, 'any_origin');
  else await checkAnyOrigin(options, report, apiTarget(options));
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
  if (refusal.status !== 0) await checkAnyOrigin(options, report, refreshTarget(options, refresh));
}

async function checkSession(
  options: Options,
  report: Report,
  { credentials, answer }: Session,
  input: string,
): Promise<void> {
  const { login, refresh, signOut, mode } = options;
  if (answer !== undefined) {
    const url = login ?? options.api;
    const given = await checkTokenAnswer(options, report, { who: 'The login', url, answer });
    if (!given) return;
  }
  checkSecret(report, credentials);
  if (refresh === undefined) {
    if (answer !== undefined) await checkAccessToken(options, report, answer, credentials);
    const byRefresh = [...BY_ACCESS_TOKEN, ...BY_REFRESH, ...OF_MODE[mode], ...BY_SIGN_OUT];
    report.skip('give --refresh', ...byRefresh);
    return;
  }
  if (mode === 'bearer' && credentials.refreshToken === '') {
    report.warn(
      'token_response',
      'There is no refresh token.',
      'Issue one: else the session ends when its access token does.',
    );
    if (answer !== undefined) await checkAccessToken(options, report, answer, credentials);
    const byRefresh = [...BY_ACCESS_TOKEN, ...BY_REFRESH, ...OF_MODE[mode], ...BY_SIGN_OUT];
    report.skip('the session has no refresh token', ...byRefresh);
    return;
  }
  await checkRefreshes(options, report, refresh, { credentials, login: answer });
  if (signOut === undefined || login === undefined) {
    const what = login === undefined ? '--login and --sign-out' : '--sign-out';
    report.skip(`give ${what}, to see what a sign-out does`, ...BY_SIGN_OUT);
  } else {
    await checkSignOut(options, report, { refresh, signOut }, input);
  }
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
  // What became of it is not known where no answer came.
  report.usedSession = answer.status === 0 || isRenewed(credentials, next);
  const who = 'The refresh endpoint';
  const given = await checkTokenAnswer(options, report, { who, url, answer });
  if (!given || outcome !== 'refreshed') return;
  await checkAccessToken(options, report, answer, next);
  if (options.mode === 'bearer') await checkKinds(options, report, url, next);
  if (options.mode === 'cookie') await checkCsrfOfApi(options, report, next);
  const names = namesOfCookies(options, login === undefined ? [answer] : [login, answer]);
  await checkRotation(options, report, url, { start, first, names });
}

/** With the answer that brought the token. */
async function checkAccessToken(
  options: Options,
  report: Report,
  answer: Answer,
  credentials: Credentials,
): Promise<void> {
  checkLifetime(options, report, answer, credentials);
  if (await checkAccepted(options, report, credentials)) {
    await checkForged(options, report, credentials);
  } else {
    report.skip('the API does not take the real token', 'forged');
  }
}

// A server that replaces nothing leaves the session as it was.
function isRenewed(before: Credentials, after: Credentials): boolean {
  return (
    before.refreshToken !== after.refreshToken ||
    writeCookies(before.cookies) !== writeCookies(after.cookies)
  );
}
