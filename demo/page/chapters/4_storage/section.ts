/** A part of the chapter with a session of its own. */
export interface Section {
  readonly element: HTMLElement;
  /** Signs out what it has signed in. */
  end(): Promise<void>;
  close(): void;
}
