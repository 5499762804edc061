// What the API says to those who have no token, or a bad one, or a good one.
import { call, madeUpCredentials, type Credentials } from '../client.ts';
import { ask, described, isRedirect, isSuccess, wordsOf, type Answer } from '../http.ts';
import type { Options } from '../options.ts';
import type { Report } from '../report.ts';

const FAR_OFF_SECONDS = 30;

export async function checkWithoutToken(options: Options, report: Report): Promise<Answer> {
  const answer = await ask(options, options.api);
  const { status } = answer;
  const seen = `The API answers a request without a token with ${described(answer)}.`;
  if (status === 401) {
    report.ok('unauthorized', seen);
    checkChallenge(report, answer.headers.get('www-authenticate'));
  } else if (status === 0) {
    report.bad(
      'unauthorized',
      `The API gives ${described(answer)}.`,
      'Check the address, its certificate, and that the server runs.',
    );
  } else if (isRedirect(answer)) {
    reportRedirect(report, seen);
  } else if (isSuccess(answer) || status === 404 || status === 405) {
    report.warn(
      'unauthorized',
      seen,
      'Give a protected address that answers GET with --api; if this is one, protect it.',
    );
  } else {
    report.bad('unauthorized', seen, 'Answer 401: nothing else makes the client refresh.');
  }
  if (status !== 0) checkClock(report, answer);
  return answer;
}

export function reportRedirect(report: Report, seen: string): void {
  report.bad(
    'redirects',
    seen,
    "Answer 401 or the data itself: pages see the redirect's target, or a CORS error, and the token is lost on the way to another origin.",
  );
}

function checkChallenge(report: Report, challenge: string | null): void {
  const advice = 'Send WWW-Authenticate: Bearer with every 401 (RFC 6750 §3).';
  if (challenge === null) {
    report.warn('challenge', 'The 401 has no WWW-Authenticate header.', advice);
  } else if (/\b(?:basic|digest|ntlm|negotiate)\b/i.test(challenge)) {
    report.bad(
      'challenge',
      'The 401 offers a scheme for which browsers ask for a password themselves.',
      advice,
    );
  } else if (!/\bbearer\b/i.test(challenge)) {
    report.warn('challenge', 'The 401 has a WWW-Authenticate header without Bearer.', advice);
  } else {
    report.ok('challenge', 'The 401 says WWW-Authenticate: Bearer.');
  }
}

function checkClock(report: Report, { headers, sentAt, receivedAt }: Answer): void {
  const date = Date.parse(headers.get('date') ?? '');
  if (Number.isNaN(date)) {
    report.warn(
      'clock',
      'The answers have no Date header.',
      'Send Date (RFC 9110 §6.6.1): the client corrects a wrong device clock by it.',
    );
    return;
  }
  const off = Math.round((date - (sentAt + receivedAt) / 2) / 1000);
  if (Math.abs(off) > FAR_OFF_SECONDS) {
    const direction = off > 0 ? 'ahead of' : 'behind';
    report.warn(
      'clock',
      `The server's clock is ${Math.abs(off)} s ${direction} this machine's.`,
      'Synchronise both (NTP); the client copes, other users of exp may not.',
    );
  } else {
    report.ok('clock', "The server's clock and this machine's agree.");
  }
}

/** A token that is well-formed, expired, and signed by nobody. */
export async function checkRefusedToken(options: Options, report: Report): Promise<void> {
  const { answer, wantsRefresh } = await call(options, madeUpCredentials(options));
  const { status, headers } = answer;
  const seen = `The API answers a made-up token with ${described(answer)}`;
  if (status === 0 || isRedirect(answer)) return;
  if (wantsRefresh) {
    if (/error="?invalid_token/i.test(headers.get('www-authenticate') ?? '')) {
      report.ok('refused_token', `${seen} and invalid_token: the client refreshes.`);
    } else {
      report.warn(
        'refused_token',
        `${seen}, but without invalid_token.`,
        'Send WWW-Authenticate: Bearer error="invalid_token" (RFC 6750 §3.1): the client has to guess why.',
      );
    }
  } else if (status === 401) {
    report.bad(
      'refused_token',
      `${seen} and insufficient_scope: the client does not refresh.`,
      'Keep insufficient_scope, with 403, for tokens that are good but not enough; a bad one is invalid_token.',
    );
  } else if (isSuccess(answer)) {
    report.warn(
      'refused_token',
      `${seen}.`,
      'Give a protected address with --api; if this is one, verify the token.',
    );
  } else if (status === 403 || status >= 500) {
    report.bad(
      'refused_token',
      `${seen}: the client does not refresh.`,
      'Answer 401 for a token that is no good.',
    );
  } else {
    report.warn(
      'refused_token',
      `${seen}: should an expired one be, too, the client does not refresh.`,
      'Answer 401 for a token that is no good.',
    );
  }
}

/** With a token just given; only a request after that shows a loop. Tells whether it opens the API. */
export async function checkAccepted(
  options: Options,
  report: Report,
  credentials: Credentials,
): Promise<boolean> {
  const { answer, wantsRefresh } = await call(options, credentials);
  const seen = `The API answers a fresh token with ${described(answer)}`;
  if (isRedirect(answer)) {
    reportRedirect(report, `${seen}.`);
  } else if (wantsRefresh) {
    report.bad(
      'accepted',
      `${seen}: every call would cost a refresh, and fail.`,
      'Accept the tokens that the refresh gives; where rights are missing answer 403 insufficient_scope.',
    );
  } else if (isSuccess(answer)) {
    report.ok('accepted', `${seen}.`);
    checkSharedCache(options, report, answer);
  } else {
    report.warn('accepted', `${seen}.`, 'Give an address with --api that this user may GET.');
  }
  return isSuccess(answer);
}

// RFC 9111 §3.5: with an Authorization header only what says so is kept for others; a cookie holds
// no cache back.
function checkSharedCache({ mode }: Options, report: Report, { headers }: Answer): void {
  const words = wordsOf(headers, 'cache-control');
  const says = (pattern: RegExp): boolean => words.some((word) => pattern.test(word));
  const forAll = says(/^public$|^s-maxage=/) || (mode === 'cookie' && says(/^max-age=0*[1-9]/));
  if (forAll && !says(/^(?:private|no-store|no-cache)$/)) {
    report.bad(
      'shared_cache',
      'Shared caches may keep what the API answers to one user, and give it to others.',
      'Send Cache-Control: no-store, or private, with what is meant for one user.',
    );
  } else {
    report.ok('shared_cache', 'No shared cache keeps what the API answers to one user.');
  }
}
