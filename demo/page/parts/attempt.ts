import type { Status } from './status.ts';

/** For a button: does it, and says what went wrong. */
export function attempt(line: Status, action: () => Promise<void>): () => Promise<void> {
  return async () => {
    try {
      await action();
    } catch (error) {
      line.say(error instanceof Error ? error.message : 'That did not work.', 'bad');
    }
  };
}
