// What a page of another origin may send and see (Fetch standard, CORS protocol).
import { ask, described, isSuccess, wordsOf, FOREIGN, type Answer, type Request } from '../http.ts';
import type { Options } from '../options.ts';
import type { Report } from '../report.ts';
import { relationOf, siteOf } from '../site.ts';

interface Target {
  /** As the subject of a sentence. */
  readonly name: string;
  readonly url: URL;
  readonly method: string;
  /** Headers for which browsers ask first. */
  readonly headers: readonly string[];
  /** What the client reads besides the body. */
  readonly reads: readonly string[];
  readonly credentials: boolean;
}

export function apiTarget(options: Options): Target {
  const { api, mode, csrf } = options;
  const inCookies = mode === 'cookie';
  return {
    name: 'The API',
    url: api,
    method: inCookies ? 'POST' : 'GET',
    headers: [inCookies ? csrf.header.toLowerCase() : 'authorization'],
    reads: ['WWW-Authenticate'],
    credentials: inCookies,
  };
}

export function refreshTarget(options: Options, url: URL): Target {
  const { mode, csrf, dialect } = options;
  const byCookie = mode !== 'bearer';
  const json = dialect === 'oauth' ? [] : ['content-type'];
  return {
    name: 'The refresh endpoint',
    url,
    method: 'POST',
    headers: byCookie ? [csrf.header.toLowerCase()] : json,
    reads: ['Date', 'Retry-After'],
    credentials: byCookie,
  };
}

/** `answer` is one that the target gave to a page of the origin. */
export async function checkCors(
  options: Options,
  report: Report,
  target: Target,
  answer: Answer,
): Promise<void> {
  const { origin } = options;
  if (origin === undefined || answer.status === 0) return;
  if (relationOf(origin, target.url) === 'same-origin') {
    for (const check of ['preflight', 'readable', 'exposed'] as const) {
      report.ok(check, `${target.name} is of the page's own origin: no CORS is needed.`);
    }
    return;
  }
  await checkPreflight(options, report, target, origin);
  const trouble = troubleWithOrigin(answer, origin, target.credentials);
  if (trouble === undefined) {
    report.ok('readable', 'Pages of the origin may read the answers, refusals too.');
    checkExposed(report, target, answer);
  } else {
    report.bad(
      'readable',
      `${target.name}'s ${answer.status} ${trouble}: to the page it is a broken connection.`,
      'Send the CORS headers with every answer, errors too.',
    );
  }
}

async function checkPreflight(
  options: Options,
  report: Report,
  target: Target,
  origin: string,
): Promise<void> {
  const { name, headers, credentials } = target;
  if (headers.length === 0) {
    report.ok('preflight', `${name} needs no preflight.`);
    return;
  }
  const answer = await preflight(options, target, origin);
  const trouble = troubleWithOrigin(answer, origin, credentials);
  const refused = headers.filter((header) => !allowsHeader(answer, header, credentials));
  if (!isSuccess(answer)) {
    report.bad(
      'preflight',
      `${name} answers the preflight (OPTIONS) with ${described(answer)}.`,
      'Answer OPTIONS with 204 and the CORS headers, before anything asks for a token.',
    );
  } else if (trouble !== undefined) {
    report.bad(
      'preflight',
      `${name}'s preflight ${trouble}.`,
      `Send Access-Control-Allow-Origin: ${origin}${credentials ? ' and Access-Control-Allow-Credentials: true' : ''}.`,
    );
  } else if (refused.length > 0) {
    report.bad(
      'preflight',
      `${name}'s preflight does not allow the header ${refused.join(', ')}.`,
      'Name it in Access-Control-Allow-Headers; * covers neither Authorization nor anything with credentials.',
    );
  } else {
    report.ok('preflight', 'Pages of the origin may send what the client sends.');
  }
}

function preflight(options: Options, target: Target, origin: string): Promise<Answer> {
  return ask(options, target.url, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': target.method,
      'access-control-request-headers': target.headers.join(','),
    },
  });
}

function troubleWithOrigin(
  { headers }: Answer,
  origin: string,
  credentials: boolean,
): string | undefined {
  const allowed = headers.get('access-control-allow-origin');
  if (allowed === null) return 'has no Access-Control-Allow-Origin';
  if (credentials && allowed === '*') return 'allows every origin (*), which is void with cookies';
  if (allowed !== '*' && allowed !== origin) return 'does not allow the origin';
  if (credentials && headers.get('access-control-allow-credentials') !== 'true') {
    return 'has no Access-Control-Allow-Credentials: true';
  }
  return undefined;
}

function allowsHeader({ headers }: Answer, header: string, credentials: boolean): boolean {
  const allowed = wordsOf(headers, 'access-control-allow-headers');
  const byStar = allowed.includes('*') && !credentials && header !== 'authorization';
  return byStar || allowed.includes(header);
}

function checkExposed(report: Report, { name, reads, credentials }: Target, answer: Answer): void {
  const exposed = wordsOf(answer.headers, 'access-control-expose-headers');
  const all = exposed.includes('*') && !credentials;
  const hidden = reads.filter((header) => !all && !exposed.includes(header.toLowerCase()));
  if (hidden.length === 0) {
    report.ok('exposed', 'Pages of the origin may read the headers that the client reads.');
  } else {
    report.warn(
      'exposed',
      `${name} hides ${hidden.join(' and ')} from pages of the origin.`,
      'Send Access-Control-Expose-Headers: WWW-Authenticate, Date, Retry-After.',
    );
  }
}

/** Whether an origin that nobody knows may use cookies; asked without any. */
export async function checkAnyOrigin(
  options: Options,
  report: Report,
  target: Target,
): Promise<void> {
  const seenBy = async (origin: string): Promise<boolean> => {
    const answers = [await preflight(options, target, origin)];
    // A refresh would count as an attempt.
    if (target.url === options.api) answers.push(await ask(options, target.url, asked(origin)));
    return answers.some((answer) => troubleWithOrigin(answer, origin, true) === undefined);
  };
  for (const [who, origin] of strangers(options)) {
    if (!(await seenBy(origin))) continue;
    const seen = `${target.name} allows ${who}, with cookies.`;
    const advice =
      'Compare Origin with a list of whole origins; never echo it with Access-Control-Allow-Credentials.';
    if (target.credentials) report.bad('any_origin', seen, advice);
    else report.warn('any_origin', seen, advice);
    return;
  }
  report.ok('any_origin', 'Pages of unknown origins may read no answer to a request with cookies.');
}

function asked(origin: string): Request {
  return { headers: { origin, 'sec-fetch-site': 'cross-site' } };
}

// With what comes of comparing beginnings and ends.
function strangers(options: Options): [who: string, origin: string][] {
  const page = new URL(options.origin ?? options.api.origin);
  const site = siteOf(page);
  return [
    ['pages of any origin', new Headers(FOREIGN).get('origin') ?? ''],
    ['the origin null, which any sandboxed frame has', 'null'],
    ["origins that begin like the page's", `${page.origin}.attacker.example`],
    ["origins that end like the page's", `${page.protocol}//attacker${site}`],
  ];
}
