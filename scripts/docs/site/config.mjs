// The site's own settings, for VitePress. What the demo's address is, the environment may say.
import { readFileSync } from 'node:fs';

const demo = process.env['DEMO_URL'] ?? 'http://localhost:8080';

/** @type {unknown} scripts/docs/site.mjs puts them beside this file */
const chapters = JSON.parse(readFileSync(new URL('chapters.json', import.meta.url), 'utf8'));
const CHAPTERS = /** @type {readonly { id: string, title: string }[]} */ (chapters);

/** @param {readonly (readonly [text: string, link: string])[]} pairs */
const links = (pairs) => pairs.map(([text, link]) => ({ text, link }));

const sidebar = [
  {
    text: 'Use it',
    items: links([
      ['Begin', '/'],
      ['Recipes', '/docs/RECIPES'],
      ['Testing', '/docs/RECIPES#testing'],
      ['Backends', '/docs/BACKENDS'],
      ['Come from another library', '/docs/MOVING'],
    ]),
  },
  {
    text: 'Look it up',
    items: links([
      ['Reference', '/docs/api/'],
      ['Rules', '/docs/RULES'],
      ['Errors', '/docs/ERRORS'],
      ['Where it runs', '/docs/MATRIX'],
      ['How fast it is', '/docs/BENCHMARK'],
      ['Security', '/SECURITY'],
      ['Changes', '/CHANGELOG'],
    ]),
  },
  {
    text: 'Your server',
    items: links([
      ['Check it: the doctor', '/docs/DOCTOR'],
      ['The reference server', '/docs/SERVER'],
    ]),
  },
  {
    text: 'The lesson, to try',
    items: links(CHAPTERS.map(({ id, title }) => [title, `${demo}/#/${id}`])),
  },
];

export default {
  title: 'bearerkit',
  description: 'fetch, signed in',
  lang: 'en',
  cleanUrls: true,
  rewrites: { 'README.md': 'index.md', 'docs/api/README.md': 'docs/api/index.md' },
  // The demo may not be running.
  ignoreDeadLinks: [/^https?:\/\/localhost/],
  themeConfig: { sidebar, search: { provider: 'local' }, outline: [2, 3] },
};
