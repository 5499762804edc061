import { type ChildProcess, fork } from 'node:child_process';
import { forNode } from './bundle.ts';
import { type Engine, once, type OpenLane } from './engine.ts';

/**
 * Room for all that a block takes, so that its bytes can be counted. Not where times are: memory that is new
 * to the process takes longer than all that a decoder does with it.
 */
export const ROOM = ['--expose-gc', '--min-semi-space-size=64', '--max-semi-space-size=64'];

interface Answer {
  readonly value?: number;
  readonly error?: string;
}

/** A process for each lane, with flags of Node. */
export function nodeLanes(flags: readonly string[] = []): Engine {
  const bundled = once(forNode);
  return {
    name: `Node ${process.versions.node.split('.')[0]}`,
    open: async (subject) => {
      const child = fork(await bundled(subject), { execArgv: [...flags] });
      // It says that it is there.
      await answerOf(child);
      return laneIn(child);
    },
  };
}

const laneIn = (child: ChildProcess): OpenLane => ({
  ask: (...question) => {
    const answer = answerOf(child);
    child.send(question);
    return answer;
  },
  close: async () => {
    child.kill();
  },
});

function answerOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void =>
      reject(new Error(`The lane ended with exit code ${code}`));
    child.once('exit', ended);
    child.once('message', ({ value, error }: Answer) => {
      child.removeListener('exit', ended);
      if (value === undefined) reject(new Error(error));
      else resolve(value);
    });
  });
}
