// The one session that all chapters share: who is signed in, by which client, and why no longer.
import type { AuthClient, SignOutReason } from '/bearerkit/index.js';
import { ACCOUNTS, DEMO_PASSWORD, type Who } from './accounts.ts';
import { createClient, logIn } from './client.ts';
import { type Keep, keepSearch } from './keep.ts';
import { askWho, toldUser, whyEnded, type User, userOf } from './user.ts';
import {
  describeEnded,
  describeFailure,
  describeRefreshFailure,
  describeSignOut,
} from './words.ts';

export type { User } from './user.ts';

type UseClient = (auth: AuthClient, signal: AbortSignal) => void;

export class Session {
  #keep: Keep;
  #auth: AuthClient;
  #open = new AbortController();
  #user: User | null = null;
  /** Whom the last sign-in's answer named. */
  #told: User | null = null;
  #status = 'Looking for a session…';
  #family = '';
  readonly #watchers = new Set<() => void>();
  readonly #users = new Map<UseClient, AbortController>();

  constructor(keep: Keep) {
    this.#keep = keep;
    this.#auth = this.#openClient();
  }

  /** Where the tokens are kept. */
  get keep(): Keep {
    return this.#keep;
  }

  /** The client of now; another one after `keepIn`. */
  get auth(): AuthClient {
    return this.#auth;
  }

  get signedIn(): boolean {
    return this.#auth.state === 'signed-in';
  }

  /** Whether it is known who is signed in, if anybody. */
  get known(): boolean {
    return this.#auth.state !== 'restoring';
  }

  /** By the token's claims; in cookie mode, where no script sees them, as the server says. */
  get user(): User | null {
    return this.#user;
  }

  /** The session in one sentence: who, or why not any more. */
  get status(): string {
    return this.#status;
  }

  /** Calls back after whatever has changed: client, user, token, status. Gives what ends that. */
  watch(listener: () => void): () => void {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }

  /** Hands over the client of now and every later one; the signal says that one is done with. */
  withClient(use: UseClient): () => void {
    const begin = (): void => {
      const until = new AbortController();
      this.#users.set(use, until);
      use(this.#auth, until.signal);
    };
    begin();
    return () => {
      this.#users.get(use)?.abort();
      this.#users.delete(use);
    };
  }

  /** Keeps tokens elsewhere from now on. Whoever is signed in stays so in the other place. */
  keepIn(keep: Keep): void {
    if (keep === this.#keep) return;
    this.#open.abort();
    this.#auth.close();
    this.#keep = keep;
    this.#open = new AbortController();
    this.#user = null;
    this.#status = 'Looking for a session…';
    this.#auth = this.#openClient();
    history.replaceState(null, '', `${keepSearch(keep)}${location.hash}`);
    for (const [use, until] of [...this.#users]) {
      until.abort();
      const next = new AbortController();
      this.#users.set(use, next);
      use(this.#auth, next.signal);
    }
    this.#tell();
  }

  /** @throws {Error} with a message for the user. */
  async signIn(who: Who): Promise<void> {
    await this.signInWith(ACCOUNTS[who].email, DEMO_PASSWORD);
  }

  /** @throws {Error} with a message for the user. */
  async signInWith(email: string, password: string): Promise<void> {
    history.replaceState(null, '', `${keepSearch(this.#keep)}${location.hash}`);
    // The search for a session of an earlier visit, which may be a request, comes first.
    await this.#auth.ready();
    const answer = await logIn(this.#keep, email, password);
    this.#told = toldUser(answer.user);
    await this.#auth.setTokens(answer);
  }

  async signOut(): Promise<void> {
    await this.#auth.signOut();
  }

  /** Refreshes now; what came of it is the status. */
  async refresh(): Promise<void> {
    try {
      await this.#auth.refresh();
      if (this.signedIn) this.#say(`${this.#signedInText()} There is a new access token.`);
    } catch (error) {
      // A session that ended with it has said why.
      if (this.signedIn) this.#say(describeFailure(error));
    }
  }

  #openClient(): AuthClient {
    const auth = createClient(this.#keep);
    const { signal } = this.#open;
    auth.addEventListener('signedin', () => this.#begin(auth), { signal });
    auth.addEventListener('signedout', ({ detail }) => this.#end(auth, detail.reason), { signal });
    auth.addEventListener('refreshed', () => this.#noteUser(auth), { signal });
    auth.addEventListener(
      'refreshfailed',
      // The words of `refresh`: a line that changes its length moves what is below, and a button
      // that moves while it is pressed is missed.
      ({ detail }) => this.#say(describeRefreshFailure(detail.cause)),
      { signal },
    );
    const unsubscribe = auth.subscribe(() => this.#tell());
    signal.addEventListener('abort', unsubscribe);
    void auth.ready().then((state) => {
      if (signal.aborted) return;
      if (state === 'signed-in') this.#begin(auth);
      else if (this.#status.startsWith('Looking')) this.#say('Nobody is signed in.');
    });
    return auth;
  }

  #begin(auth: AuthClient): void {
    this.#user = this.#told;
    this.#told = null;
    this.#noteUser(auth);
    this.#say(this.#signedInText());
    if (this.#user !== null) return;
    void askWho().then((user) => {
      if (auth !== this.#auth || !this.signedIn || user === null) return;
      this.#user = user;
      this.#say(this.#signedInText());
    });
  }

  #end(auth: AuthClient, reason: SignOutReason): void {
    this.#user = null;
    this.#say(describeSignOut(reason));
    // The client knows that it was refused; the server knows why.
    if (reason !== 'refresh_rejected' || this.#family === '') return;
    void whyEnded(this.#family).then((ended) => {
      if (auth !== this.#auth || this.signedIn) return;
      const words = ended === null ? undefined : describeEnded(ended);
      if (words !== undefined) this.#say(words);
    });
  }

  #noteUser(auth: AuthClient): void {
    const { claims } = auth;
    if (claims === null) return;
    this.#user = userOf(claims);
    this.#family = typeof claims['sid'] === 'string' ? claims['sid'] : '';
    this.#tell();
  }

  #signedInText(): string {
    return this.#user === null ? 'Signed in.' : `Signed in as ${this.#user.name}.`;
  }

  #say(text: string): void {
    this.#status = text;
    this.#tell();
  }

  #tell(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}
