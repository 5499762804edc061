// The public types.
export type * from './types/client.ts';
export type * from './types/endpoints.ts';
export type * from './types/options.ts';
export type * from './types/tokens.ts';
