// The element: listens to a client, and shows its story.
import type { AuthClient, AuthEvent } from '../types.ts';
import type { Devtools } from '../types/devtools.ts';
import { Recorder } from './recorder.ts';
import { View } from './view.ts';
import { wordsOfCause } from './words.ts';

/** Defines it under this name, where there are elements and none has the name. */
export function defineElement(name: string): void {
  const { customElements } = globalThis as { customElements?: CustomElementRegistry };
  if (customElements === undefined || customElements.get(name) !== undefined) return;
  customElements.define(name, makeClass());
}

// Not before there is an HTMLElement.
function makeClass(): CustomElementConstructor {
  return class extends HTMLElement implements Devtools {
    readonly #recorder = new Recorder();
    readonly #view = new View(this.#recorder, this.attachShadow({ mode: 'open' }), () =>
      this.clear(),
    );
    #client: AuthClient | null = null;
    #listening: AbortController | undefined;

    constructor() {
      super();
      // It may have been set before this class was loaded.
      const { client } = this;
      delete (this as Partial<Devtools>).client;
      this.client = client;
    }

    get client(): AuthClient | null {
      return this.#client;
    }

    set client(client: AuthClient | null | undefined) {
      this.#stop();
      this.#client = client ?? null;
      if (this.isConnected) this.#start();
    }

    clear(): void {
      this.#recorder.clear();
      this.#view.changed();
    }

    connectedCallback(): void {
      this.#view.open();
      this.#start();
    }

    disconnectedCallback(): void {
      this.#view.close();
      this.#stop();
    }

    #start(): void {
      const client = this.#client;
      if (client === null || this.#listening !== undefined) return;
      this.#listening = new AbortController();
      const { signal } = this.#listening;
      const recorder = this.#recorder;
      client.addEventListener(
        'timeline',
        ({ detail }) => this.#take(() => recorder.moment(detail)),
        { signal },
      );
      client.addEventListener(
        'refreshfailed',
        ({ detail }) => this.#take(() => recorder.failed(detail)),
        { signal },
      );
      client.addEventListener('signedout', (event) => this.#signedOut(event), { signal });
    }

    #signedOut({ detail: { reason, cause } }: AuthEvent<'signedout'>): void {
      const why = cause ? ` (${wordsOfCause(cause)})` : '';
      this.#take(() => this.#recorder.note(`signed out: ${reason}${why}`, Date.now()));
    }

    #take(record: () => void): void {
      record();
      this.#view.changed();
    }

    #stop(): void {
      this.#listening?.abort();
      this.#listening = undefined;
      // What went on will not be told to its end.
      this.#recorder.forgetOpen();
    }
  };
}
