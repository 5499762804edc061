// The two entries that decode. What holds of one holds of the other.
import * as core from 'bearerkit';
import * as alone from 'bearerkit/decode';

export const DECODERS = [
  { entry: 'bearerkit', ...core, tellsAllOffsets: true },
  // Without the core: of JSON and UTF-8 it knows the part only.
  { entry: 'bearerkit/decode', ...alone, tellsAllOffsets: false },
] as const;

/** What is wrong with JSON: where several of these are, bearerkit/decode may tell another one. */
export const OF_JSON = ['invalid_json', 'too_deep', 'number_out_of_range', 'not_an_object'];

export function isSameFault(a: string | undefined, b: string | undefined): boolean {
  return a === b || [a, b].every((code) => OF_JSON.includes(code ?? ''));
}
