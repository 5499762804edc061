// The figures of this server, measured when asked.
import { ACCOUNTS, DEMO_PASSWORD } from '../../session/accounts.ts';
import { type Admin, signInAsAdmin } from '../../session/admin.ts';
import { logIn } from '../../session/client.ts';
import { type Costs, costs, demoSettings, setDemo } from '../../session/demo_api.ts';

/** Short, so that one sees a token end that nobody can take back. */
export const SHORT_LIFE_SECONDS = 4;
const EACH_MS = 100;

export interface Figures {
  readonly costs: Costs;
  /** Bytes of the header in each request. */
  readonly tokenBytes: number;
  readonly sessionBytes: number;
  /** From the ban to the first refusal. */
  readonly ban: {
    readonly sessionMs: number;
    readonly blocklistMs: number;
    readonly tokenMs: number;
  };
  /** How long a token lives on this server when nobody experiments. */
  readonly lifeSeconds: number;
}

interface Tokens {
  readonly access: string;
  readonly refresh: string;
}

export async function measure(say: (text: string) => void): Promise<Figures> {
  say('Checking one token many times, in three ways…');
  const cost = await costs();
  const { accessTokenSeconds, blocklist } = await demoSettings();
  const admin = await signInAsAdmin();
  try {
    await setDemo({ accessTokenSeconds: SHORT_LIFE_SECONDS, blocklist: true });
    say('Banning Ada, with the blocklist…');
    const withList = await banAndWait(admin, ({ access }) => isRefused(access));
    say('Banning Ada, and asking for her session in the database…');
    const ofSession = await banAndWait(admin, ({ refresh }) => isSpent(refresh));
    say(`Banning Ada without a blocklist: her token has ${SHORT_LIFE_SECONDS} s to live…`);
    await setDemo({ blocklist: false });
    const alone = await banAndWait(admin, ({ access }) => isRefused(access));
    return {
      costs: cost,
      tokenBytes: bytesOf(`Authorization: Bearer ${alone.tokens.access}\r\n`),
      // As random as a refresh token, since it is guessed as gladly.
      sessionBytes: bytesOf(`Cookie: __Host-session=${alone.tokens.refresh}\r\n`),
      ban: {
        sessionMs: ofSession.milliseconds,
        blocklistMs: withList.milliseconds,
        tokenMs: alone.milliseconds,
      },
      lifeSeconds: accessTokenSeconds,
    };
  } finally {
    await setDemo({ accessTokenSeconds, blocklist });
    await admin.unban();
    await admin.close();
  }
}

/** Signs the user in, bans her, and asks until the server says no. */
async function banAndWait(
  admin: Admin,
  refused: (tokens: Tokens) => Promise<boolean>,
): Promise<{ tokens: Tokens; milliseconds: number }> {
  await admin.unban();
  const { accessToken, refreshToken } = await logIn('memory', ACCOUNTS.ada.email, DEMO_PASSWORD);
  const tokens = { access: String(accessToken), refresh: String(refreshToken) };
  await admin.ban();
  const start = performance.now();
  while (!(await refused(tokens))) await new Promise((done) => setTimeout(done, EACH_MS));
  return { tokens, milliseconds: performance.now() - start };
}

async function isRefused(access: string): Promise<boolean> {
  const headers = { Authorization: `Bearer ${access}` };
  return (await fetch('/api/protected', { headers, credentials: 'omit' })).status === 401;
}

/** A refresh token is a session in the database: a row that is looked up each time. */
async function isSpent(refreshToken: string): Promise<boolean> {
  const response = await fetch('/auth/refresh', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ refreshToken }),
  });
  return response.status === 401;
}

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;
