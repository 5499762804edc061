// What bindings/exports.h exports, in its order: the names of the parameters, from which the types
// are made. A test compares this with the exports of the module itself.
// All parameters and results are numbers: an address, a length, a flag or a time (milliseconds
// since 1970). Strings go in through bearerkit_input, see memory.ts. A function without a result
// is typed as one with a number that nobody reads.
export const CORE_EXPORTS = {
  bearerkit_abi_version: [],
  bearerkit_input: ['size'],

  bearerkit_decode_quickly: ['length', 'firstDot', 'secondDot', 'wanted'],
  bearerkit_scan_part: ['length'],
  bearerkit_decode_jwt: ['length', 'wanted'],
  bearerkit_is_expired: ['exp', 'now', 'leeway'],
  bearerkit_forget: [],

  bearerkit_machine_create: ['length'],
  bearerkit_machine_destroy: ['machine'],
  bearerkit_own_origin: ['machine', 'length'],
  bearerkit_add_origin: ['machine', 'length'],
  bearerkit_origin_flags: ['machine', 'length'],
  bearerkit_set_timeline: ['machine', 'on'],

  bearerkit_handle: ['machine', 'now', 'length'],
  bearerkit_handle_request: ['machine', 'now', 'kind', 'flags'],
  bearerkit_handle_response: [
    'machine',
    'now',
    'request',
    'status',
    'flags',
    'endpoint',
    'challengeLength',
  ],

  bearerkit_poll_effect: ['machine'],
  bearerkit_poll_timeout: ['machine'],

  bearerkit_look: ['machine'],
  bearerkit_is_clear_success: ['machine', 'status', 'length'],
} as const satisfies Record<string, readonly string[]>;

type NumberFor<Names extends readonly string[]> = { [Index in keyof Names]: number };

/** The exports of the core. */
export type CoreExports = {
  readonly [Name in keyof typeof CORE_EXPORTS]: (
    ...values: NumberFor<(typeof CORE_EXPORTS)[Name]>
  ) => number;
};
