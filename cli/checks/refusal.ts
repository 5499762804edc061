// What is said to a refresh that is refused: does the client know that it is the end?
import { madeUpCredentials, redeem, type Credentials, type Redemption } from '../client.ts';
import { described, isRedirect, membersOf, type Answer } from '../http.ts';
import type { Options } from '../options.ts';
import type { Report } from '../report.ts';
import { reportRedirect } from './api.ts';

const UNDERSTOOD =
  'Answer 400 and {"error":"invalid_grant"} as JSON (RFC 6749 §5.2), or 401 with anything but HTML.';

/** No token is needed for this one. Gives the answer. */
export async function checkRefusal(
  options: Options,
  report: Report,
  url: URL,
  real: Credentials | undefined,
): Promise<Answer> {
  const { answer, outcome } = await redeem(options, url, madeUpCredentials(options, real));
  const what = options.mode === 'bearer' ? 'a made-up refresh token' : 'a refresh without a cookie';
  const seen = `${described(answer)} to ${what}`;
  if (isRedirect(answer)) {
    reportRedirect(report, `The refresh endpoint answers ${described(answer)}.`);
  } else if (outcome === 'refreshed') {
    report.bad(
      'refusal',
      `The refresh endpoint gives tokens to ${what}.`,
      'Verify the refresh token.',
    );
  } else if (membersOf(answer)['error'] === 'invalid_client') {
    report.bad(
      'refusal',
      'The refresh endpoint does not know the client (invalid_client).',
      'Give --client-id here, and clientId in the options of the client.',
    );
  } else if (outcome === 'failed') {
    const more =
      answer.status === 0
        ? 'Check the address.'
        : `${UNDERSTOOD} If it is the request that is refused: --dialect, --client-id, --csrf.`;
    report.bad(
      'refusal',
      `The refresh endpoint answers ${seen}: to the client a passing failure.`,
      more,
    );
  } else {
    report.ok('refusal', `The refresh endpoint answers ${seen}: the client ends the session.`);
  }
  return answer;
}

/** The same of a token that was good once. */
export function reportUsedToken(report: Report, { answer, outcome }: Redemption): void {
  const seen = `A used refresh token is answered with ${described(answer)}`;
  if (outcome === 'rejected') {
    report.ok('used_token', `${seen}: the client ends the session.`);
  } else if (outcome === 'failed') {
    report.bad('used_token', `${seen}: to the client a passing failure.`, UNDERSTOOD);
  }
}
