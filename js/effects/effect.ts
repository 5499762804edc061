// An effect of the core, copied out of its memory.
import { EFFECT_VIEW } from '#generated/abi';

import type { Memory } from '../memory.ts';

/** What the core wants done; see src/session_types.h for which fields a kind has. */
export interface Effect {
  /** EFFECT */
  kind: number;
  request: number;
  flags: number;
  code: number;
  ticket: number;
  generation: number;
  at: number;
  data: string;
}

export function readEffect(memory: Memory, address: number): Effect {
  const field = (name: Exclude<keyof typeof EFFECT_VIEW, 'at' | 'size'>): number =>
    memory.readUint32(address + EFFECT_VIEW[name]);
  return {
    kind: field('kind'),
    request: field('request'),
    flags: field('flags'),
    code: field('code'),
    ticket: field('ticket'),
    generation: field('generation'),
    at: memory.readDouble(address + EFFECT_VIEW.at),
    data: memory.readText(field('data_address'), field('data_length')),
  };
}
