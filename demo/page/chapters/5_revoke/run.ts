// One run: Ada calls every second, Grace bans her, and her calls show when that works.
import { ACCOUNTS, DEMO_PASSWORD } from '../../session/accounts.ts';
import { signInAsAdmin } from '../../session/admin.ts';
import { createClient, logIn } from '../../session/client.ts';
import { demoSettings, setDemo } from '../../session/demo_api.ts';
import { every } from '../../parts/every.ts';
import { refusalOf } from '../../parts/refusal.ts';

export interface RunOptions {
  readonly lifeSeconds: number;
  readonly blocklist: boolean;
  readonly onCall: (status: number) => void;
  readonly onEnd: (end: End) => void;
}

/** How the ban has reached Ada. */
export interface End {
  readonly blocklist: boolean;
  /** From the ban to the first refused call. */
  readonly milliseconds: number;
  readonly callsThatWorked: number;
  /** What the server said to the refused call. */
  readonly reason: string;
}

export interface Run {
  ban(): Promise<void>;
  /** Lifts the ban, ends both sessions, and leaves the server with the settings it had. */
  close(): Promise<void>;
}

export async function startRun(options: RunOptions): Promise<Run> {
  const { lifeSeconds, blocklist } = options;
  const before = await demoSettings();
  await setDemo({ accessTokenSeconds: lifeSeconds, blocklist });
  const admin = await signInAsAdmin();
  // Somebody may have closed the page in the middle of a run.
  await admin.unban();
  // No margin: the token is used to its last second.
  const auth = createClient('memory', { name: 'demo-banned', refreshMargin: 0 });
  await auth.setTokens(await logIn('memory', ACCOUNTS.ada.email, DEMO_PASSWORD));
  // Without cookies: one of another chapter's session would answer for her when her token is gone.
  const call = () => auth.fetchWithAuth('/api/protected', { credentials: 'omit' });
  const calls = new Calls(call, options);

  return {
    ban: async () => {
      calls.banOrdered();
      await admin.ban();
      calls.banDone();
      await calls.next();
    },
    close: async () => {
      calls.stop();
      auth.close();
      const { accessTokenSeconds, blocklist: had } = before;
      // Both at once: the page may be going away.
      await Promise.allSettled([
        setDemo({ accessTokenSeconds, blocklist: had }),
        admin.unban().then(() => admin.close()),
      ]);
    },
  };
}

/** Ada's calls, one after the other, until one is refused. */
class Calls {
  readonly #call: () => Promise<Response>;
  readonly #options: RunOptions;
  readonly #stopCalling: () => void;
  #last: Promise<void> = Promise.resolve();
  #orderedAt: number | undefined;
  #isBanned = false;
  #worked = 0;
  #over = false;

  constructor(call: () => Promise<Response>, options: RunOptions) {
    this.#call = call;
    this.#options = options;
    this.#stopCalling = every(1000, () => this.next(), 'always');
  }

  /** The ban is on its way: a call that is out now may be refused already. */
  banOrdered(): void {
    this.#orderedAt ??= performance.now();
  }

  /** From now on no call should work. */
  banDone(): void {
    this.#isBanned = true;
  }

  stop(): void {
    this.#over = true;
    this.#stopCalling();
  }

  next(): Promise<void> {
    this.#last = this.#last.then(() => this.#one());
    return this.#last;
  }

  async #one(): Promise<void> {
    if (this.#isOver()) return;
    const sentWhenBanned = this.#isBanned;
    const response = await this.#call().catch(() => undefined);
    // A call that got lost says nothing of the ban.
    if (response === undefined || this.#isOver()) return;
    this.#options.onCall(response.status);
    if (response.ok) this.#worked += sentWhenBanned ? 1 : 0;
    else this.#end(response);
  }

  #end(response: Response): void {
    this.stop();
    const milliseconds = performance.now() - (this.#orderedAt ?? performance.now());
    this.#options.onEnd({
      blocklist: this.#options.blocklist,
      milliseconds,
      callsThatWorked: this.#worked,
      reason: refusalOf(response) ?? 'The token had ended, and the server gave no new one',
    });
  }

  #isOver(): boolean {
    return this.#over;
  }
}
