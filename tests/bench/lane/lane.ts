// A lane: one subject, alone in a process or a page. What engines learn about the types that go through a
// function must not be learnt from another subject; nor from another row, unless the run is to be quick.
import type { RowId } from '../rows.ts';
import type { Subject } from '../subjects/subject.ts';
import { type Task, taskOf } from './tasks.ts';

/** What the code of a lane offers to whoever drives it. */
export interface Lane {
  /** Lets the engine compile for so many milliseconds; blocks of `count`. */
  readonly warmUp: (row: RowId, count: number, milliseconds: number) => Promise<number>;
  /** Milliseconds for `count` times over. */
  readonly time: (row: RowId, count: number) => Promise<number>;
  /** Bytes of the heap that each time takes. In Node only. */
  readonly allocated: (row: RowId, count: number) => Promise<number>;
}

export function laneOf(subject: Subject): Lane {
  const tasks = new Map<RowId, Task>();
  const taskFor = async (row: RowId): Promise<Task> => {
    const task = tasks.get(row) ?? (await taskOf(row, subject));
    tasks.set(row, task);
    return task;
  };
  return {
    warmUp: async (row, count, milliseconds) => {
      const task = await taskFor(row);
      let blocks = 0;
      const end = performance.now() + milliseconds;
      do {
        await task(count)();
        blocks++;
      } while (performance.now() < end);
      return blocks;
    },
    time: async (row, count) => {
      const run = (await taskFor(row))(count);
      const begin = performance.now();
      await run();
      return performance.now() - begin;
    },
    allocated: async (row, count) => {
      const run = (await taskFor(row))(count);
      collectGarbage();
      const { heapUsed } = process.memoryUsage();
      // The new space has room for all of it (see run/node_lanes.ts): nothing is collected meanwhile.
      await run();
      return (process.memoryUsage().heapUsed - heapUsed) / count;
    },
  };
}

function collectGarbage(): void {
  const { gc } = globalThis as { gc?: () => void };
  if (gc === undefined) throw new Error('Node has to run with --expose-gc');
  gc();
}
