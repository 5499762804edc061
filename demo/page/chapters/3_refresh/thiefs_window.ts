// The thief's window: another client, in another window, that was given nothing but a refresh token.
import { type AuthClient, AuthError, createAuthClient, memoryStorage } from '/bearerkit/index.js';
import { button, el } from '../../parts/dom.ts';
import { status } from '../../parts/status.ts';

/** What the thief tells the window that it was opened from. */
export interface Word {
  readonly thief: 'ready' | 'told' | 'redeemed';
  readonly text: string;
}

export function isWord(data: unknown): data is Word {
  return typeof data === 'object' && data !== null && 'thief' in data;
}

export function thiefsWindow(root: HTMLElement): () => void {
  document.documentElement.classList.add('thief');
  const line = status('A refresh token is all that is needed. No password, no cookie.');
  line.element.id = 'thief-says';
  const field = el('textarea', { id: 'loot', rows: 3, spellcheck: 'false', autocomplete: 'off' });
  let auth: AuthClient | undefined;

  const tell = (text: string, mood: 'good' | 'bad', thief: Word['thief'] = 'told'): void => {
    line.say(text, mood);
    say({ thief, text });
  };
  const redeem = async (): Promise<void> => {
    const refreshToken = field.value.trim();
    if (refreshToken === '') {
      line.say('Paste a refresh token first.');
      return;
    }
    try {
      if (auth === undefined) {
        auth = createAuthClient({
          refresh: '/auth/refresh',
          storage: memoryStorage(),
          name: 'thief',
        });
        // It has no access token yet: any will do, and the refresh brings a real one.
        await auth.setTokens({ accessToken: 'none', refreshToken });
      }
      await auth.refresh();
      const name = auth.claims?.['name'];
      tell(
        `The server gave the thief new tokens, as ${typeof name === 'string' ? name : 'you'}.`,
        'good',
        'redeemed',
      );
    } catch (error) {
      const refused = error instanceof AuthError && error.code !== 'refresh_failed';
      tell(refused ? 'The server refused the thief.' : 'The thief got no answer.', 'bad');
      if (refused) auth = undefined;
    }
  };
  const call = async (): Promise<void> => {
    if (auth === undefined) {
      line.say('The thief has no token. Redeem one first.');
      return;
    }
    const { status: code } = await auth.fetchWithAuth('/api/me').catch(() => ({ status: 0 }));
    tell(
      `The thief calls the API: ${code === 0 ? 'no answer' : code}.`,
      code === 200 ? 'good' : 'bad',
    );
  };
  root.append(
    el(
      'section',
      { class: 'card thief-card' },
      el('h1', {}, 'The thief’s window'),
      el('label', { for: 'loot' }, 'The stolen refresh token'),
      field,
      el(
        'div',
        { class: 'buttons' },
        button('Redeem it', redeem, { class: 'primary' }),
        button('Call the API as the victim', call),
      ),
      line.element,
    ),
  );
  const paste = ({ origin, data }: MessageEvent<unknown>): void => {
    if (origin === location.origin && typeof data === 'string') field.value = data;
  };
  addEventListener('message', paste);
  say({ thief: 'ready', text: '' });
  return () => {
    removeEventListener('message', paste);
    auth?.close();
    document.documentElement.classList.remove('thief');
  };
}

function say(word: Word): void {
  (opener as Window | null)?.postMessage(word, location.origin);
}
