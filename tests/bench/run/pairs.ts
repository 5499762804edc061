// Times blocks of all subjects in turn, and compares those that ran one after the other: what slows the
// computer for a while slows both.
import { type Row, type SubjectId, subjectsOf } from '../rows.ts';
import type { Engine, OpenLane } from './engine.ts';
import { type Spread, spreadOf } from './quartiles.ts';

export interface Outcome {
  readonly subject: SubjectId;
  /** Over the base's block of the same round. */
  readonly ratio: Spread;
  /** Microseconds, or bytes, each time. */
  readonly each: Spread;
}

export interface Effort {
  readonly rounds: number;
  /** For so many milliseconds each lane runs before: engines compile meanwhile. */
  readonly warmUp: number;
  /** One process or page for all rows of a subject: they open in far less time, and learn from each other. */
  readonly sharing?: boolean;
  /** For a try without verdict: a block is one time only. */
  readonly once?: boolean;
}

export async function compare(
  engine: Engine,
  row: Row,
  { rounds, warmUp, once = false }: Effort,
): Promise<readonly Outcome[]> {
  const subjects = subjectsOf(row);
  const lanes = new Map<SubjectId, OpenLane>();
  const values = new Map<SubjectId, number[]>(subjects.map((subject) => [subject, []]));
  const what = row.id === 'allocated' ? 'allocated' : 'time';
  const count = once ? 1 : row.count;
  const ask = async (subject: SubjectId, question: 'warmUp' | typeof what): Promise<number> => {
    try {
      return (await lanes.get(subject)?.ask(question, row.id, count, warmUp)) ?? NaN;
    } catch (cause) {
      throw new Error(`${subject}, "${row.title}": ${String(cause)}`, { cause });
    }
  };
  try {
    // Side by side, as long as nothing is measured.
    await Promise.all(
      subjects.map(async (subject) => lanes.set(subject, await engine.open(subject))),
    );
    for (const subject of subjects) await ask(subject, 'warmUp');
    for (let round = 0; round < rounds; round++) {
      // Each round begins with another one.
      const shift = round % subjects.length;
      for (const subject of [...subjects.slice(shift), ...subjects.slice(0, shift)]) {
        values.get(subject)?.push(await ask(subject, what));
      }
    }
  } finally {
    for (const lane of lanes.values()) await lane.close();
  }
  const base = values.get(row.base) ?? [];
  const unit = what === 'time' ? 1000 / count : 1;
  return subjects.map((subject) => {
    const own = values.get(subject) ?? [];
    return {
      subject,
      ratio: spreadOf(own.map((value, round) => value / (base[round] ?? NaN))),
      each: spreadOf(own.map((value) => value * unit)),
    };
  });
}
