import type { Core } from './cores.ts';

/** What the app says it has seen, see app/flow.js. */
export interface Result {
  engine: string;
  statuses: number[];
  renewed: boolean;
  decoded: string;
  state: string;
  after: string;
}

export const success = (core: Core): Result => ({
  engine: core,
  statuses: [200, 200],
  renewed: true,
  decoded: 'string',
  state: 'signed-in',
  after: 'signed-out',
});
