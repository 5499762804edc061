// What people get: the tarball that npm would publish, in fresh apps outside of the checkout. All of it
// with BEARERKIT_MATRIX=all (npm run test:matrix), which writes down what came of it. With any other word
// there, the runtimes and frameworks that have it in their name, and nothing else.
import { after, before, describe } from 'node:test';
import { type DemoServer, startDemoServer } from '../browser/support/demo_server.ts';
import { browsers } from './browsers.ts';
import { frameworks } from './frameworks.ts';
import { quality } from './quality.ts';
import { runtimes } from './runtimes.ts';
import { openWorkshop, type Workshop } from './support/fresh_app.ts';
import { writeMatrix } from './support/matrix.ts';

const MATRIX = process.env['BEARERKIT_MATRIX'] ?? '';
const ALL = MATRIX === 'all';

describe('the packed package', () => {
  let opened: { workshop: Workshop; api: DemoServer } | undefined;
  const tools = (): { workshop: Workshop; api: DemoServer } => {
    if (opened === undefined) throw new Error('The workshop has not been opened');
    return opened;
  };
  const workshop = (): Workshop => tools().workshop;
  const api = (): DemoServer => tools().api;
  before(async () => {
    opened = { workshop: await openWorkshop(), api: await startDemoServer() };
  });
  after(async () => {
    opened?.workshop.close();
    await opened?.api.stop();
    if (ALL) await writeMatrix();
  });

  describe('in runtimes', () => runtimes(workshop, api, MATRIX));
  describe('in frameworks', () => frameworks(workshop, api, MATRIX));
  if (MATRIX !== '' && !ALL) return;
  describe('by itself', () => quality(workshop));
  describe('in browsers', () => browsers(workshop, api, ALL));
});
