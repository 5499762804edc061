// What bindings/exports.h exports, in its order: the names of the parameters, from which the types
// are made. A test compares this with the exports of the module itself.
// All parameters and results are numbers: an address, a length, a flag or a time (milliseconds
// since 1970). Strings go in through bearerkit_input, see memory.ts. A function without a result
// is typed as one with a number that nobody reads.
export const CORE_EXPORTS = {
  bearerkit_abi_version: [],
  bearerkit_input: ['size'],

  bearerkit_decode_jwt: ['length', 'headerOnly'],
  bearerkit_is_expired: ['length', 'now', 'leeway'],
  bearerkit_last_result: [],
  bearerkit_forget: [],

  bearerkit_client_create: ['length'],
  bearerkit_client_destroy: ['client'],
  bearerkit_own_origin: ['client', 'length'],
  bearerkit_add_origin: ['client', 'length'],
  bearerkit_allows_origin: ['client', 'length'],
  bearerkit_set_timeline: ['client', 'on'],

  bearerkit_handle_start: ['client', 'now'],
  bearerkit_handle_request: ['client', 'now', 'kind', 'flags'],
  bearerkit_handle_response: [
    'client',
    'now',
    'request',
    'status',
    'finalOriginAllowed',
    'challengeLength',
  ],
  bearerkit_handle_transport_error: ['client', 'now', 'request'],
  bearerkit_handle_abort: ['client', 'now', 'request'],
  bearerkit_handle_sign_in: ['client', 'now', 'length'],
  bearerkit_handle_sign_out: ['client', 'now'],
  bearerkit_handle_lock_granted: ['client', 'now', 'ticket'],
  bearerkit_handle_lock_unavailable: ['client', 'now', 'ticket'],
  bearerkit_handle_storage_read: ['client', 'now', 'purpose', 'ticket', 'outcome', 'length'],
  bearerkit_handle_storage_written: ['client', 'now', 'ticket'],
  bearerkit_handle_storage_unavailable: ['client', 'now'],
  bearerkit_handle_token_response: [
    'client',
    'now',
    'ticket',
    'status',
    'override',
    'bodyLength',
    'retryAfterLength',
    'dateLength',
  ],
  bearerkit_handle_refresh_error: ['client', 'now', 'ticket', 'override'],
  bearerkit_handle_peer_message: ['client', 'now', 'length'],
  bearerkit_handle_wake: ['client', 'now', 'flags'],
  bearerkit_handle_timeout: ['client', 'now'],
  bearerkit_handle_close: ['client', 'now'],

  bearerkit_poll_effect: ['client'],
  bearerkit_poll_timeout: ['client'],

  bearerkit_state: ['client'],
  bearerkit_token_version: ['client'],
  bearerkit_access_token: ['client'],
  bearerkit_access_token_length: ['client'],
} as const satisfies Record<string, readonly string[]>;

type NumberFor<Names extends readonly string[]> = { [Index in keyof Names]: number };

/** The names of the parameters, by the name of the export. */
export type CoreParameters = typeof CORE_EXPORTS;

/** The exports of the core. */
export type CoreExports = {
  readonly [Name in keyof CoreParameters]: (...values: NumberFor<CoreParameters[Name]>) => number;
};
