// Hybrid and cookie mode: who can read the cookies, and where they go.
import { isDeletion, readSetCookies, type SetCookie } from '../cookies.ts';
import { membersOf, type Answer } from '../http.ts';
import type { Options } from '../options.ts';
import type { Report } from '../report.ts';
import { assumedSite, relationOf } from '../site.ts';

/** The cookies that an answer of `url` sets, and that hold the session. */
export function sessionCookies({ csrfCookie }: Options, { headers }: Answer): SetCookie[] {
  return readSetCookies(headers).filter(
    // A cookie for double submit is there to be read.
    (cookie) =>
      !isDeletion(cookie) && cookie.name !== csrfCookie && !/csrf|xsrf/i.test(cookie.name),
  );
}

export function checkCookieFlags(options: Options, report: Report, url: URL, answer: Answer): void {
  for (const cookie of sessionCookies(options, answer)) {
    checkReach(options, report, cookie, url);
    checkName(report, cookie);
  }
  const site = assumedSite(options.origin ?? options.api.origin, url);
  const provided = site === undefined ? '' : `, if ${site} is one site`;
  report.ok('cookie_flags', `The cookies are out of scripts' and other sites' reach${provided}.`);
}

function checkReach(options: Options, report: Report, cookie: SetCookie, url: URL): void {
  const { attributes } = cookie;
  const name = `The cookie ${cookie.name}`;
  const sameSite = attributes.get('samesite')?.toLowerCase();
  const abroad = relationOf(options.origin ?? options.api.origin, url) === 'cross-site';
  if (!attributes.has('httponly')) {
    report.bad(
      'cookie_flags',
      `${name} is not HttpOnly.`,
      'Add HttpOnly: else any script of the page can take it away.',
    );
  }
  if (!attributes.has('secure')) {
    report.bad(
      'cookie_flags',
      `${name} is not Secure.`,
      'Add Secure: else it also travels by plain http.',
    );
  }
  const isKept = sameSite === 'strict' || sameSite === 'lax';
  const oneSite = 'Serve the page and the refresh endpoint from one site.';
  if (abroad && isKept) {
    report.bad(
      'cookie_flags',
      `${name} is SameSite=${sameSite}, and the page of another site: it is never sent.`,
      oneSite,
    );
  } else if (abroad) {
    report.warn(
      'cookie_flags',
      `${name} is one of another site than the page's: some browsers never send it.`,
      oneSite,
    );
  } else if (!isKept) {
    report.warn(
      'cookie_flags',
      `${name} is not SameSite=Strict or Lax.`,
      'Add SameSite=Strict: other sites then cannot have it sent.',
    );
  }
  if (attributes.has('domain')) {
    report.warn(
      'cookie_flags',
      `${name} has a Domain.`,
      'Leave Domain out: every subdomain gets the cookie, and can set it.',
    );
  }
  const path = pathOf(cookie, url);
  const targets = [options.refresh, options.mode === 'cookie' ? options.api : undefined];
  if (!targets.some((target) => target !== undefined && covers(path, target.pathname))) {
    report.bad(
      'cookie_flags',
      `${name} has a Path that leaves out where it is needed.`,
      'Set Path=/, or the path of the refresh endpoint.',
    );
  }
}

function checkName(report: Report, { name, attributes }: SetCookie): void {
  const isRoot = attributes.get('path') === '/';
  const fits = attributes.has('secure') && !attributes.has('domain') && isRoot;
  if (/^__host-/i.test(name)) {
    if (!fits) {
      report.bad(
        'cookie_flags',
        `The cookie ${name} breaks the rules of its prefix: browsers drop it.`,
        'Send it with Secure, Path=/ and without Domain.',
      );
    }
  } else if (fits) {
    report.warn(
      'cookie_flags',
      `The cookie ${name} has no prefix __Host-.`,
      `Call it __Host-${name.replace(/^__Secure-/i, '')}: then no subdomain can plant another one.`,
    );
  }
}

// RFC 6265 §5.1.4
function pathOf({ attributes }: SetCookie, { pathname }: URL): string {
  const path = attributes.get('path') ?? '';
  return path.startsWith('/') ? path : pathname.slice(0, pathname.lastIndexOf('/')) || '/';
}

function covers(path: string, pathname: string): boolean {
  return pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
}

/** The page must not be shown what its cookie is to hide from it. */
export function checkHiddenTokens({ mode }: Options, report: Report, answer: Answer): void {
  const hidden = ['refresh_token', 'refreshToken'];
  if (mode === 'cookie') hidden.push('access_token', 'accessToken');
  const members = membersOf(answer);
  const shown = hidden.filter((name) => members[name] !== undefined && members[name] !== null);
  if (shown.length > 0) {
    report.bad(
      'hidden_tokens',
      `An answer holds ${shown.join(' and ')}, which the cookie is to keep from the page.`,
      'Leave it out of the body.',
    );
  } else {
    report.ok('hidden_tokens', 'No answer shows what the cookie is to hide.');
  }
}
