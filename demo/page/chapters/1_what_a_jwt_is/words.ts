// Claims and headers in words.
import type { JwtFinding } from '/bearerkit/index.js';
import { clockTime, duration } from '../../parts/time.ts';

const TIMES = ['exp', 'nbf', 'iat'] as const;

const MEANINGS: Readonly<Record<string, string>> = {
  iss: 'Who issued it.',
  sub: 'Whom it is about: the user’s id.',
  aud: 'Who may accept it.',
  jti: 'The id of this one token. A server can block it by that.',
  sid: 'The session that it belongs to.',
  name: 'A name to show.',
  email: 'An address. Anybody who has the token can read it.',
  role: 'What the user may do, if the server believes it.',
  scope: 'What the token may be used for.',
  alg: 'How it was signed.',
  typ: 'What it is.',
  kid: 'Which key signed it.',
};

/** What a claim means; for times, what it means now. */
export function inWords(name: string, value: unknown, now: number): string {
  const time = TIMES.find((one) => one === name);
  if (time !== undefined && typeof value === 'number') return timeInWords(time, value, now);
  return MEANINGS[name] ?? '';
}

function timeInWords(name: (typeof TIMES)[number], seconds: number, now: number): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return 'A time beyond what a date can hold.';
  const distance = duration(Math.abs(seconds - now / 1000));
  const ahead = seconds > now / 1000;
  const at = `${clockTime(date, new Date(now))} your time`;
  switch (name) {
    case 'exp':
      return ahead ? `Expires in ${distance}, ${at}.` : `Expired ${distance} ago, ${at}.`;
    case 'nbf':
      return ahead ? `Not valid for another ${distance}, ${at}.` : `Valid since ${at}.`;
    case 'iat':
      return ahead ? `Issued ${distance} from now, ${at}.` : `Issued ${distance} ago, ${at}.`;
  }
}

/** The value itself, short enough for a table. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= 160
    ? text
    : `${text.slice(0, 160)}… (${text.length.toLocaleString('en')} characters)`;
}

export const FINDINGS: Readonly<Record<JwtFinding, string>> = {
  unsecured: 'It says alg: none. Nobody has signed it, and a server must refuse it.',
  missing_algorithm: 'It does not say how it was signed. A server must refuse it.',
  critical_extension:
    'It asks for an extension. A server that does not know it must refuse the token.',
  duplicate_header_member: 'The header has a name twice. Two programs may read it in two ways.',
  duplicate_claim: 'The payload has a name twice. Two programs may read it in two ways.',
  key_in_header: 'It brings its own key. Never check a token with a key that came with it.',
  missing_expiry: 'It names no end. It never expires by itself.',
  signature_mismatch: 'Its algorithm and its signature do not fit: one of them is missing.',
};
