// Answers with tokens: what the client takes, what caches keep, how long it says a token lives.
import { inspectJwt } from 'bearerkit';

import { complaintAbout, type Credentials } from '../client.ts';
import { described, isRedirect, isSuccess, membersOf, wordsOf, type Answer } from '../http.ts';
import type { Options } from '../options.ts';
import type { Report } from '../report.ts';
import { reportRedirect } from './api.ts';
import { checkCookieFlags, checkHiddenTokens } from './cookies.ts';

const TOLERANCE_SECONDS = 10;
const LONG_LIFE_SECONDS = 3600;

/** `who` begins a sentence. Gives false where there are no tokens in it. */
export async function checkTokenAnswer(
  options: Options,
  report: Report,
  { who, url, answer }: { who: string; url: URL; answer: Answer },
): Promise<boolean> {
  const seen = `${who} answers ${described(answer)}`;
  if (isRedirect(answer)) {
    reportRedirect(report, `${seen}.`);
    return false;
  }
  if (!isSuccess(answer)) {
    report.bad('token_response', `${seen}.`, 'Check the address, and what was given to read.');
    return false;
  }
  const complaint = await complaintAbout(options, membersOf(answer));
  if (complaint !== undefined) {
    report.bad(
      'token_response',
      `${seen}, but the client does not take it (${complaint}).`,
      'Answer JSON with access_token or accessToken, and token_type Bearer if any (RFC 6749 §5.1).',
    );
    return false;
  }
  report.ok('token_response', 'The client takes what login and refresh answer.');
  if (wordsOf(answer.headers, 'cache-control').includes('no-store')) {
    report.ok('no_store', 'Answers with tokens say Cache-Control: no-store.');
  } else {
    report.bad(
      'no_store',
      `${who}'s tokens come without Cache-Control: no-store.`,
      'Send Cache-Control: no-store with every answer that holds tokens (RFC 6749 §5.1).',
    );
  }
  if (options.mode !== 'bearer') {
    checkHiddenTokens(options, report, answer);
    checkCookieFlags(options, report, url, answer);
  }
  return true;
}

/** By the server's own clock where it tells it. */
export function checkLifetime(
  { mode }: Options,
  report: Report,
  answer: Answer,
  { accessToken }: Credentials,
): void {
  const members = membersOf(answer);
  const told = Number(members['expires_in'] ?? members['expiresIn'] ?? NaN);
  const date = Date.parse(answer.headers.get('date') ?? '');
  const now = (Number.isNaN(date) ? answer.receivedAt : date) / 1000;
  const token = mode === 'cookie' ? undefined : inspectJwt(accessToken);
  const exp = token?.ok === true ? (token.times.exp?.getTime() ?? NaN) / 1000 : NaN;
  const byExp = Math.round(exp - now);
  const life = Number.isNaN(told) ? byExp : told;
  if (Number.isNaN(life)) {
    report.warn(
      'lifetime',
      'Neither expires_in nor exp tells when the access token ends.',
      'Send expires_in (RFC 6749 §5.1): else each end is learned from a 401.',
    );
  } else if (byExp <= 0) {
    report.bad(
      'lifetime',
      'The access token is over when it arrives, by the clock of the server that sent it.',
      'Compare the clocks of the issuer and of the refresh endpoint.',
    );
  } else if (Math.abs(told - byExp) > TOLERANCE_SECONDS) {
    report.warn(
      'lifetime',
      `The access token lives ${told} s by expires_in and ${byExp} s by exp.`,
      'Let both tell the same end: each difference costs a refused request, or a refresh too early.',
    );
  } else if (life > LONG_LIFE_SECONDS) {
    report.warn(
      'lifetime',
      `The access token lives ${Math.round(life / 360) / 10} h.`,
      'Some minutes are enough: a stolen access token is good until it ends.',
    );
  } else {
    report.ok('lifetime', `The access token lives ${life} s.`);
  }
}
