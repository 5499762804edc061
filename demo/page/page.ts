// What a chapter is, and what the page gives it.
import type { Session } from './session/session.ts';

/** One answer that a visitor may guess before trying. */
export interface Guess {
  readonly text: string;
  readonly right?: true;
}

export interface Chapter {
  /** Its deep link is `#/<id>`. */
  readonly id: string;
  readonly title: string;
  /** The one question that it opens with. */
  readonly question: string;
  /** To predict before trying; `answer` is shown after a guess, in two sentences at most. */
  readonly guesses?: readonly Guess[];
  readonly answer?: string;
  /** Builds the chapter in `root`, and gives what takes it down again: timers, listeners, windows. */
  mount(root: HTMLElement, page: Page): () => void;
}

export interface Page {
  /** Who is signed in and by which client: one for all chapters. */
  readonly session: Session;
  /** The second part of the deep link, `#/<id>/<part>`, or ''. */
  readonly part: string;
  /** Says something to those who cannot see it, too, without moving the focus. */
  announce(text: string): void;
}
