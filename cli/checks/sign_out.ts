// Does a sign-out end the session at the server? With sessions of the doctor's own, which it signs
// in for this: they are thrown away.
import { redeem, signOut, type Credentials } from '../client.ts';
import { described, isSuccess, isUndecided, type Answer } from '../http.ts';
import type { Options } from '../options.ts';
import type { Check, Report } from '../report.ts';
import { startSession } from '../session.ts';

const CHECKS: readonly Check[] = ['sign_out', 'overtaken'];

export interface Addresses {
  readonly refresh: URL;
  readonly signOut: URL;
}

/** `input` is what the login takes. */
export async function checkSignOut(
  options: Options,
  report: Report,
  urls: Addresses,
  input: string,
): Promise<void> {
  const signIn = async (): Promise<Credentials | undefined> => {
    const { credentials, answer } = await startSession(options, input);
    if (answer !== undefined && isSuccess(answer)) return credentials;
    report.skip('another login in a row was refused', ...CHECKS);
    return undefined;
  };
  const first = await signIn();
  if (first === undefined || !(await isEnded(options, report, urls, first))) return;
  const second = await signIn();
  if (second !== undefined) await checkOvertaken(options, report, urls, second);
}

async function isEnded(
  options: Options,
  report: Report,
  urls: Addresses,
  credentials: Credentials,
): Promise<boolean> {
  const answer = await signOut(options, urls.signOut, credentials);
  const after = await redeem(options, urls.refresh, credentials);
  if (isUndecided(answer) || isUndecided(after.answer)) {
    skip(report, isUndecided(answer) ? answer : after.answer);
    return false;
  }
  if (after.outcome === 'refreshed') {
    report.bad(
      'sign_out',
      `A sign-out is answered with ${described(answer)}, and the session can still be refreshed.`,
      'End the session at the server, by the refresh token that is sent: taking a cookie away ends nothing for whoever has a copy.',
    );
    report.skip('a sign-out does not end a session at all', 'overtaken');
    return false;
  }
  report.ok('sign_out', 'A sign-out ends the session.');
  return true;
}

// The page signs out while its refresh is under way, and the server answers the refresh first.
async function checkOvertaken(
  options: Options,
  report: Report,
  urls: Addresses,
  credentials: Credentials,
): Promise<void> {
  const { answer: refreshed, outcome, next } = await redeem(options, urls.refresh, credentials);
  if (outcome !== 'refreshed') {
    skip(report, refreshed);
    return;
  }
  const answer = await signOut(options, urls.signOut, credentials);
  const after = await redeem(options, urls.refresh, next);
  if (isUndecided(answer) || isUndecided(after.answer)) {
    skip(report, isUndecided(answer) ? answer : after.answer);
  } else if (after.outcome === 'refreshed') {
    const seen = 'A sign-out with a token that was just refreshed leaves the session alive.';
    const advice =
      'End all that came of one login, also when the refresh token that is sent was replaced meanwhile.';
    // There the answer of the refresh brings the cookie back; elsewhere the client sees to it.
    if (options.mode === 'bearer') report.warn('overtaken', seen, advice);
    else report.bad('overtaken', seen, advice);
  } else {
    report.ok('overtaken', 'A sign-out that a refresh overtook ends the session, too.');
  }
}

function skip(report: Report, answer: Answer): void {
  report.skip(`a request in between was answered with ${described(answer)}`, ...CHECKS);
}
