// Hybrid and cookie mode: the browser adds the cookie whoever asks. Does the server ask who it is?
import { call, redeem, type Credentials, type Disguise } from '../client.ts';
import { described, FOREIGN, isSuccess } from '../http.ts';
import type { Options } from '../options.ts';
import type { Report } from '../report.ts';

/** As a form on another site's page sends it. */
const FORGED: Disguise = { headers: FOREIGN, withoutCsrf: true };

/** Gives the session as it is after the attempt, which may have worked. */
export async function checkCsrf(
  options: Options,
  report: Report,
  url: URL,
  credentials: Credentials,
): Promise<Credentials> {
  const advice =
    'Refuse a refresh without the header against CSRF, and one that Origin or Sec-Fetch-Site say comes from elsewhere.';
  const { answer, outcome, next } = await redeem(options, url, credentials, FORGED);
  if (outcome === 'refreshed') {
    report.bad(
      'csrf',
      'A refresh without the CSRF header, and from another site, is answered with tokens.',
      advice,
    );
  } else if (answer.status === 0 || answer.status >= 500) {
    report.warn(
      'csrf',
      `A refresh from another site is answered with ${described(answer)}.`,
      'Answer 403.',
    );
  } else {
    report.ok(
      'csrf',
      `A refresh that another site could send is answered with ${described(answer)}.`,
    );
  }
  return next;
}

/** Cookie mode: the same of the API, which takes the cookie itself. `--unsafe` is sent two POSTs. */
export async function checkCsrfOfApi(
  options: Options,
  report: Report,
  credentials: Credentials,
): Promise<void> {
  const { unsafe } = options;
  if (unsafe === undefined) {
    report.skip('give --unsafe, an address of the API that takes POST', 'csrf_api');
    return;
  }
  const post = { url: unsafe, method: 'POST' };
  const { answer: forged } = await call(options, credentials, { ...post, disguise: FORGED });
  const { answer: own } = await call(options, credentials, post);
  const seen = `A POST from another site is answered with ${described(forged)}`;
  if (isSuccess(forged)) {
    report.bad(
      'csrf_api',
      `${seen}, though it has no CSRF header.`,
      'Refuse unsafe requests without the header against CSRF, and those that Origin or Sec-Fetch-Site say come from elsewhere.',
    );
  } else if (forged.status === own.status) {
    report.warn(
      'csrf_api',
      `${seen}, and so is one of the page itself: nothing can be told by that.`,
      'Give an address with --unsafe that takes a POST without a body.',
    );
  } else {
    report.ok('csrf_api', `${seen}, and one of the page itself with ${described(own)}.`);
  }
}
