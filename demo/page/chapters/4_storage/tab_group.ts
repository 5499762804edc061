// The tabs that show this chapter, and the session that they share. Each tab tells the others what
// its client knows, so that every tab shows all of them.
import type { AuthClient } from '/bearerkit/index.js';
import { createClient } from '../../session/client.ts';
import type { Keep } from '../../session/keep.ts';
import { type TabView, watchTab } from './tab_view.ts';

type Message =
  | { readonly kind: 'hello' }
  | { readonly kind: 'view'; readonly from: string; readonly keep: Keep; readonly view: TabView }
  | { readonly kind: 'keep'; readonly keep: Keep }
  | { readonly kind: 'refresh' }
  | { readonly kind: 'asked' }
  | { readonly kind: 'done' };

const PATIENCE_MS = 5000;

const lockOf = (tab: string): string => `demo-tab-${tab}`;

export interface TabGroupEvents {
  /** `other` counts the other tabs from 1; it is 0 for this one. */
  onView(other: number, view: TabView): void;
  onGone(other: number): void;
  onKeep(keep: Keep): void;
}

export class TabGroup {
  readonly #me = crypto.randomUUID();
  readonly #channel = new BroadcastChannel('demo-tabs');
  readonly #events: TabGroupEvents;
  #others: string[] = [];
  /** How many of the others want new tokens by now, and how many have them. */
  #answers = { asked: 0, done: 0 };
  #onAnswer: () => void = () => {};
  /** Until it has heard of another tab, a new tab does as that one does. */
  #isNew = true;
  #unlock: () => void = () => {};
  #keep: Keep;
  #auth: AuthClient;
  #watched: ReturnType<typeof watchTab>;

  constructor(keep: Keep, events: TabGroupEvents) {
    this.#events = events;
    this.#keep = keep;
    [this.#auth, this.#watched] = this.#open(keep);
    // Held as long as this tab shows the chapter: whoever gets it knows that the tab is gone.
    void navigator.locks.request(
      lockOf(this.#me),
      () =>
        new Promise<void>((resolve) => {
          this.#unlock = resolve;
        }),
    );
    this.#channel.addEventListener('message', ({ data }: MessageEvent<Message>) => {
      this.#hear(data);
    });
    this.#tell({ kind: 'hello' });
    this.#show();
  }

  get auth(): AuthClient {
    return this.#auth;
  }

  get keep(): Keep {
    return this.#keep;
  }

  /** How many tabs there are, this one included. */
  get size(): number {
    return this.#others.length + 1;
  }

  /** All tabs keep their tokens there from now on. */
  keepIn(keep: Keep): void {
    this.#isNew = false;
    this.#follow(keep);
    this.#tell({ kind: 'keep', keep });
  }

  /** Every tab refreshes now. Resolves when all have; what comes of it, the views tell. */
  async refreshAll(): Promise<void> {
    this.#answers = { asked: 0, done: 0 };
    this.#tell({ kind: 'refresh' });
    // The others first: so it is certain that they want new tokens while this one gets some.
    await this.#untilAll('asked');
    await this.#refresh();
    await this.#untilAll('done');
  }

  close(): void {
    this.#unlock();
    // Whoever goes from now on is not missed here.
    this.#others = [];
    this.#channel.close();
    this.#watched.stop();
    this.#auth.close();
  }

  #open(keep: Keep): [AuthClient, ReturnType<typeof watchTab>] {
    const auth = createClient(keep, { name: `demo-tabs-${keep}` });
    return [auth, watchTab(auth, () => this.#show())];
  }

  #follow(keep: Keep): void {
    if (keep === this.#keep) return;
    this.#watched.stop();
    this.#auth.close();
    this.#keep = keep;
    [this.#auth, this.#watched] = this.#open(keep);
    this.#events.onKeep(keep);
    this.#show();
  }

  #show(): void {
    const view = this.#watched.view();
    this.#events.onView(0, view);
    this.#tell({ kind: 'view', from: this.#me, keep: this.#keep, view });
  }

  #hear(message: Message): void {
    switch (message.kind) {
      case 'hello':
        this.#isNew = false;
        this.#show();
        return;
      case 'view':
        if (!this.#others.includes(message.from)) this.#meet(message.from);
        if (this.#isNew) this.#follow(message.keep);
        this.#isNew = false;
        this.#events.onView(this.#others.indexOf(message.from) + 1, message.view);
        return;
      case 'keep':
        this.#follow(message.keep);
        return;
      case 'refresh':
        void this.#refresh().then(() => this.#tell({ kind: 'done' }));
        this.#tell({ kind: 'asked' });
        return;
      case 'asked':
      case 'done':
        this.#answers[message.kind] += 1;
        this.#onAnswer();
        return;
    }
  }

  /** What comes of it, the events tell. */
  #refresh(): Promise<void> {
    return this.#auth.refresh().catch(() => {});
  }

  /** A tab that is frozen, or was killed, is not waited for. */
  async #untilAll(answer: 'asked' | 'done'): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#onAnswer = () => {
        if (this.#answers[answer] >= this.#others.length) resolve();
      };
      this.#onAnswer();
      setTimeout(resolve, PATIENCE_MS);
    });
  }

  /** A tab that is killed cannot say goodbye: its lock does. */
  #meet(id: string): void {
    this.#others.push(id);
    void navigator.locks.request(lockOf(id), () => this.#forget(id));
  }

  #forget(id: string): void {
    const index = this.#others.indexOf(id);
    if (index < 0) return;
    // The last row goes, and the others move up when they next say what they know.
    this.#events.onGone(this.#others.length);
    this.#others = this.#others.filter((one) => one !== id);
    this.#tell({ kind: 'hello' });
  }

  #tell(message: Message): void {
    this.#channel.postMessage(message);
  }
}
