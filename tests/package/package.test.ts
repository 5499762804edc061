// What people get: the tarball that npm would publish, in fresh apps outside of the checkout.
import { after, before, describe } from 'node:test';
import { matrix } from './matrix.ts';
import { quality } from './quality.ts';
import { openWorkshop, type Workshop } from './support/fresh_app.ts';

describe('the packed package', () => {
  let opened: Workshop | undefined;
  const workshop = (): Workshop => {
    if (opened === undefined) throw new Error('The workshop has not been opened');
    return opened;
  };
  before(async () => {
    opened = await openWorkshop();
  });
  after(() => opened?.close());

  describe('by itself', () => quality(workshop));
  describe('in apps', () => matrix(workshop));
});
