// Chapter 1: a token in three colours, read as one types.
import { inspectJwt, ready } from '/bearerkit/index.js';
import type { Chapter, Page } from '../../page.ts';
import { button, el, setText } from '../../parts/dom.ts';
import { why } from '../../parts/why.ts';
import { brokenView } from './broken.ts';
import { decodedView } from './decoded.ts';
import { editor } from './editor.ts';
import { placeOf } from './place.ts';

export const chapter: Chapter = {
  id: 'jwt',
  title: 'What a JWT is',
  question: 'Somebody finds your token. How much of it can they read?',
  guesses: [
    { text: 'Nothing: it is encrypted' },
    { text: 'Everything', right: true },
    { text: 'Only the header' },
  ],
  answer: 'A JWT is text in another alphabet. Edit the token below and watch it being read.',
  mount: (root, page) => {
    const view = decodedView();
    const broken = brokenView((place) => text.select(place));
    const text = editor((token) => {
      untouched = false;
      read(token);
    });
    let untouched = true;

    function read(token: string): void {
      offers.show();
      const result = inspectJwt(token);
      const empty = token === '';
      view.element.hidden = empty || !result.ok;
      if (result.ok) {
        view.show(result);
        broken.show(null, null);
        return;
      }
      const place = placeOf(token, result.error);
      text.mark(place);
      // Until the core is loaded there is nothing to say about the token.
      broken.show(empty || result.error.code === 'core_not_ready' ? null : result.error, place);
    }

    async function takeMine(): Promise<void> {
      const token = await page.session.auth.getAccessToken().catch(() => null);
      if (token !== null) text.set(token);
    }
    const offers = offersFor(page, text, takeMine);
    const show = (): void => {
      offers.show();
      if (!untouched || !page.session.signedIn || page.session.keep === 'cookie') return;
      void takeMine().then(() => {
        untouched = false;
      });
    };

    root.append(
      el(
        'section',
        { class: 'card' },
        text.element,
        offers.element,
        broken.element,
        el(
          'p',
          { class: 'promise' },
          el('strong', {}, 'Nothing leaves this page.'),
          ' The token is read here, by the core of bearerkit, as you type.',
        ),
      ),
      view.element,
      why(
        'A JWT has three parts with dots between them: a header, a payload and a signature. The first two are JSON, written in base64url so that they fit into a header of HTTP.',
        'Base64url is an alphabet, not a lock. Do not put into a token what its bearer, or a thief, may not read.',
        'Decoding tells what a token claims. Whether that is true, only the signature tells, and chapter 2 checks it.',
      ),
    );
    view.element.hidden = true;
    const unwatch = page.session.watch(show);
    const timer = setInterval(view.tick, 1000);
    show();
    void ready().then(() => {
      if (text.value !== '') read(text.value);
    });
    return () => {
      clearInterval(timer);
      unwatch();
    };
  },
};

/** The own token, or the one press that gets one, and three ways to break it. */
function offersFor(
  page: Page,
  text: { readonly value: string; set(token: string): void },
  takeMine: () => Promise<void>,
): { element: HTMLElement; show(): void } {
  const mine = button('My access token', async () => {
    await page.session.auth.ready();
    if (!page.session.signedIn) await page.session.signIn('ada').catch(() => {});
    await takeMine();
  });
  const breaking = (name: string, how: (token: string) => string): HTMLElement =>
    button(name, () => text.set(how(text.value)));
  const breakers = [
    breaking('Cut it off', (token) => token.slice(0, Math.floor(token.lastIndexOf('.') * 0.8))),
    breaking('Add a stray character', (token) => insert(token, '!')),
    breaking('Break the JSON', breakJson),
  ];
  const hidden = el('p', { class: 'hint' });
  return {
    element: el(
      'div',
      { class: 'offers' },
      el('div', { class: 'buttons' }, mine, ...breakers),
      hidden,
    ),
    show: () => {
      const { signedIn, keep } = page.session;
      mine.hidden = keep === 'cookie';
      mine.classList.toggle('primary', !signedIn);
      setText(mine, signedIn ? 'My access token' : 'Get a token: sign in as Ada');
      for (const breaker of breakers) breaker.hidden = text.value === '';
      hidden.textContent =
        signedIn && keep === 'cookie'
          ? 'Your own token is in an HttpOnly cookie: no script of this page can read it.'
          : '';
    },
  };
}

function insert(token: string, char: string): string {
  const middle = token.indexOf('.') + 18;
  return token.slice(0, middle) + char + token.slice(middle);
}

/** A payload whose second character is no quote any more, in valid base64url. */
function breakJson(token: string): string {
  const [header = '', payload = '', signature = ''] = token.split('.');
  // `{"` and a letter are eyJ… in base64url; `{,` and the same letter are eyx….
  return [header, payload.replace(/^eyJ/, 'eyx'), signature].join('.');
}
