// An effect of the core, copied out of its memory.
import { EFFECT_VIEW } from '#generated/abi';

import type { Memory } from '../memory.ts';

/** What the core wants done; see src/machine/session_types.h for which fields a kind has. */
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

/** What `address` points at; 0 is none. */
export function readEffect(memory: Memory, address: number): Effect | undefined {
  if (address === 0) return undefined;
  const field = (offset: number): number => memory.readUint32(address + offset);
  return {
    kind: field(EFFECT_VIEW.kind),
    request: field(EFFECT_VIEW.request),
    flags: field(EFFECT_VIEW.flags),
    code: field(EFFECT_VIEW.code),
    ticket: field(EFFECT_VIEW.ticket),
    generation: field(EFFECT_VIEW.generation),
    at: memory.readDouble(address + EFFECT_VIEW.at),
    data: memory.readText(field(EFFECT_VIEW.data_address), field(EFFECT_VIEW.data_length)),
  };
}
