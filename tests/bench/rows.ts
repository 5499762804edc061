// The rows of the table: what is done, how often in a block, by whom, and whose time is 1.

export const SUBJECTS = [
  'bearerkit',
  'decode_alone',
  'jose',
  'jwt_decode',
  'lesson',
  'ky',
  'axios',
  'oauth2_client',
  'auth0',
  'tuned',
  'bare_steps',
  'memo',
] as const;
export type SubjectId = (typeof SUBJECTS)[number];

/** As the table calls them. */
export const NAMES: Record<SubjectId, string> = {
  bearerkit: 'bearerkit',
  decode_alone: 'bearerkit/decode',
  jose: 'jose',
  jwt_decode: 'jwt-decode',
  lesson: "the lesson's lines",
  ky: 'ky',
  axios: 'axios, axios-auth-refresh',
  oauth2_client: '@badgateway/oauth2-client',
  auth0: '@auth0/auth0-spa-js',
  tuned: 'tuned JavaScript',
  bare_steps: 'bare steps',
  memo: 'memo and guard',
};

interface RowShape {
  readonly id: string;
  readonly title: string;
  /** Times over in a block: some milliseconds of most. */
  readonly count: number;
  /** Its time is 1. */
  readonly base: SubjectId;
  /** What else is measured besides bearerkit. */
  readonly others: readonly SubjectId[];
}

const DECODERS = ['decode_alone', 'jwt_decode', 'tuned', 'bare_steps'] as const;
// Who is missing in a row has nothing to do there; report/table.ts says why.
const WRAPPERS = ['tuned', 'ky', 'axios', 'oauth2_client', 'auth0'] as const;

export const ROWS = [
  {
    id: 'decode-1k',
    title: 'decode 1 KB, the header varies',
    count: 200,
    base: 'jose',
    others: DECODERS,
  },
  {
    id: 'decode-1k-header',
    title: "decode 1 KB, the header is the last one's",
    count: 200,
    base: 'jose',
    others: DECODERS,
  },
  { id: 'decode-8k', title: 'decode 8.5 KB', count: 40, base: 'jose', others: DECODERS },
  {
    id: 'decode-utf8',
    title: 'decode 1 KB, UTF-8',
    count: 200,
    base: 'jose',
    others: DECODERS,
  },
  { id: 'expired-1k', title: 'isExpired, unseen 1 KB', count: 200, base: 'jose', others: DECODERS },
  {
    id: 'expired-8k',
    title: 'isExpired, unseen 8.5 KB',
    count: 40,
    base: 'jose',
    others: DECODERS,
  },
  {
    id: 'expired-same',
    title: 'isExpired, the same token again',
    count: 5000,
    base: 'memo',
    others: ['tuned'],
  },
  {
    id: 'dots',
    title: '1 MB of dots',
    count: 2,
    base: 'memo',
    others: ['jose', 'decode_alone', 'jwt_decode', 'tuned'],
  },
  {
    id: 'fetch-string',
    title: 'fetchWithAuth(string)',
    count: 200,
    base: 'lesson',
    others: WRAPPERS,
  },
  {
    id: 'fetch-init',
    title: 'fetchWithAuth(string, plain init)',
    count: 200,
    base: 'lesson',
    others: WRAPPERS,
  },
  {
    id: 'fetch-request',
    title: 'fetchWithAuth(Request)',
    count: 100,
    base: 'lesson',
    others: ['tuned', 'ky', 'oauth2_client', 'auth0'],
  },
  {
    id: 'fetch-headers',
    title: 'fetchWithAuth(string, Headers)',
    count: 200,
    base: 'lesson',
    others: WRAPPERS,
  },
  {
    id: 'refused',
    title: '100 calls refused together, one refresh',
    count: 3,
    base: 'lesson',
    others: ['tuned', 'ky', 'axios', 'oauth2_client'],
  },
] as const satisfies readonly RowShape[];

export const ALLOCATED = {
  id: 'allocated',
  title: 'memory that decoding 1 KB takes',
  count: 300,
  base: 'jose',
  others: DECODERS,
} as const satisfies RowShape;

export type RowId = (typeof ROWS)[number]['id'] | typeof ALLOCATED.id;

export interface Row extends RowShape {
  readonly id: RowId;
}

export const subjectsOf = ({ base, others }: Row): readonly SubjectId[] => [
  'bearerkit',
  base,
  ...others,
];
