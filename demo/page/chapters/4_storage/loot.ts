// What the attacker's script brings back.

/** Read from a storage, heard as it passed by, or given by the server when asked. */
export type How = 'read' | 'heard' | 'asked';

export interface Taken {
  readonly kind: 'access' | 'refresh';
  readonly value: string;
  readonly how: How;
}

export interface Loot {
  /** In the order in which they were found: the last of a kind is the newest. */
  readonly taken: readonly Taken[];
  /** Whether a refresh endpoint took its request. */
  readonly asked: boolean;
  /** In whose name (the first one) it has called the API; null where that was refused. */
  readonly acted: string | null;
}

/** Runs the attacker's script in this page, as a script element does, and waits for its loot. */
export async function runAttacker(): Promise<Loot> {
  const script = document.createElement('script');
  const loot = new Promise<Loot>((resolve, reject) => {
    document.addEventListener(
      'loot',
      (event) => {
        resolve((event as CustomEvent<Loot>).detail);
      },
      { once: true },
    );
    script.addEventListener('error', () => {
      reject(new Error('The script could not be loaded.'));
    });
  });
  script.type = 'module';
  // A module runs once for each address.
  script.src = `/attacker.js?${crypto.randomUUID()}`;
  document.head.append(script);
  return loot.finally(() => {
    script.remove();
  });
}
