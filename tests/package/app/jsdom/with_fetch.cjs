// Jest's jsdom with Node's own fetch, as jest-fixed-jsdom has it: jsdom has none.
const { TestEnvironment } = require(process.env['JSDOM'] ?? '');

module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    Object.assign(Reflect.get(this, 'global'), { fetch, Headers, Request, Response });
  }
};
