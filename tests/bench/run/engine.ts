// What drives lanes, whatever they run in.
import type { RowId, SubjectId } from '../rows.ts';

export type Question = readonly [
  what: 'warmUp' | 'time' | 'allocated',
  row: RowId,
  count: number,
  milliseconds: number,
];

export interface OpenLane {
  /** What a lane offers, see lane/lane.ts. */
  readonly ask: (...question: Question) => Promise<number>;
  readonly close: () => Promise<void>;
}

export interface Engine {
  readonly name: string;
  readonly open: (subject: SubjectId) => Promise<OpenLane>;
}

/** Makes something once for each key. */
export function once<Key, Value>(make: (key: Key) => Promise<Value>): (key: Key) => Promise<Value> {
  const made = new Map<Key, Promise<Value>>();
  return (key) => {
    const value = made.get(key) ?? make(key);
    made.set(key, value);
    return value;
  };
}

/** The same lane for all rows of a subject: quick, but what one row teaches the engine slows the next one. */
export function sharing(engine: Engine): Engine & { readonly close: () => Promise<void> } {
  const opened: OpenLane[] = [];
  const open = once(async (subject: SubjectId) => {
    const lane = await engine.open(subject);
    opened.push(lane);
    return { ...lane, close: async () => {} };
  });
  return {
    name: engine.name,
    open,
    close: async () => {
      for (const lane of opened) await lane.close();
    },
  };
}
