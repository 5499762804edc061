// A form on another site, sent with the visitor's browser, and the check that refuses it.
import { attempt } from '../../parts/attempt.ts';
import { button, el } from '../../parts/dom.ts';
import { every } from '../../parts/every.ts';
import { makeGrid } from '../../parts/grid.ts';
import { type Status, status } from '../../parts/status.ts';
import { why } from '../../parts/why.ts';
import { ACCOUNTS, DEMO_PASSWORD } from '../../session/accounts.ts';
import { createClient, logIn } from '../../session/client.ts';
import { crossSiteRequests, demoSettings } from '../../session/demo_api.ts';
import type { Section } from './section.ts';
import { answerCell, requestCells } from './request_cells.ts';

const FORMS = [
  ['/cookie/logout', 'sign Ada out'],
  ['/api/echo', 'write in her name'],
  ['/cookie/refresh', 'use up her refresh token'],
] as const;

const HEADS = ['Request', 'Cookies with it', 'Where it is from', 'Answer'];

export function crossSiteSection(): Section {
  const auth = createClient('cookie', { name: 'demo-cross-site' });
  const opened = Date.now();
  const line = status('Ada is not signed in by cookie yet.');
  const grid = makeGrid('What reached the server', HEADS);
  const links = el('div', { class: 'buttons' });

  const signIn = attempt(line, async () => {
    await auth.setTokens(await logIn('cookie', ACCOUNTS.ada.email, DEMO_PASSWORD));
    line.say(`Ada is signed in by cookie. ${await call()}`, 'good');
  });
  const call = async (): Promise<string> =>
    `Her call of the API gets ${(await auth.fetchWithAuth('/api/protected')).status}.`;
  const fromHere = (name: string, headers: Record<string, string>) =>
    attempt(line, async () => {
      const response = await fetch('/api/echo', { method: 'POST', headers, body: 'Hello' });
      const answer = (await response.json()) as { error_description?: string };
      grid.set(name, [
        { text: 'This site’s own, all of them' },
        { text: 'same-origin' },
        answerCell(response.status, answer.error_description ?? null),
      ]);
    });

  let seen = 0;
  const look = async (): Promise<void> => {
    const requests = (await crossSiteRequests()).filter(({ at }) => at >= opened);
    if (requests.length === seen) return;
    seen = requests.length;
    // The newest comes first; a row is the last of its kind.
    for (const request of requests.reverse()) {
      grid.set(`Form to ${request.path}`, requestCells(request));
    }
    if (auth.state === 'signed-in')
      line.say(`The form came in. Ada is unharmed: ${await call()}`, 'good');
  };
  const stop = every(1000, look);
  void offerForms(links, line);

  return {
    element: el(
      'section',
      { class: 'card', 'aria-labelledby': 'cross-title', id: 'cross-site' },
      el('h2', { id: 'cross-title' }, 'A form on another site'),
      el(
        'p',
        {},
        'Sign in by cookie, then let another site send a form here. It opens in a tab of its own: come back to see what reached the server.',
      ),
      el('div', { class: 'buttons' }, button('Sign in by cookie', signIn, { class: 'primary' })),
      line.element,
      el('p', {}, 'The other site sends a form to:'),
      links,
      el('p', {}, 'The same request from this page:'),
      el(
        'div',
        { class: 'buttons' },
        button('without the header', fromHere('From here, without X-CSRF', {})),
        button('with the header', fromHere('From here, with X-CSRF', { 'X-CSRF': '1' })),
      ),
      grid.element,
      why(
        'Three checks stand behind each other. The cookies are SameSite=Strict: a browser does not send them along from another site.',
        'Each change needs the header X-CSRF. No form can send a header, and a script of another site may not.',
        'Sec-Fetch-Site is written by the browser, and no page can forge it. The server takes a change from its own origin only.',
        'A Bearer token needs none of this: no browser sends it by itself.',
      ),
    ),
    end: () => auth.signOut(),
    close: () => {
      stop();
      auth.close();
    },
  };
}

async function offerForms(links: HTMLElement, line: Status): Promise<void> {
  const settings = await demoSettings().catch(() => undefined);
  const origin = settings?.attackerOrigin ?? null;
  if (origin === null) {
    line.say('The other site is there only if you open this page by http://localhost.');
    return;
  }
  for (const [path, purpose] of FORMS) {
    const href = `${origin}/?send=${encodeURIComponent(path)}`;
    links.append(el('a', { class: 'button', href, target: '_blank' }, purpose));
  }
}
