// The demo page: one client at a time, the form that signs it in, and the buttons that use it.
import type { AuthClient } from '/bearerkit/index.js';
import { callApi, postFile } from './parts/calls.ts';
import { isKeep, type Keep, keepSearch, readKeep } from './parts/choice.ts';
import { createClient, logIn } from './parts/client.ts';
import { byId, onPress, show } from './parts/dom.ts';
import { logEvents } from './parts/event_log.ts';
import { showLife, showSession, showSignOut } from './parts/session_view.ts';

const MANY = 50;

interface Open {
  readonly keep: Keep;
  readonly auth: AuthClient;
  close(): void;
}

let open = openClient(readKeep(location.search));
byId(`keep-${open.keep}`, HTMLInputElement).checked = true;
// Nothing is shown before it is known whether there is a session, so that nothing flickers.
void open.auth.ready().then(() => showSession(open.auth, open.keep));

setInterval(() => showLife(open.auth.claims), 500);

const form = byId('sign-in-form', HTMLFormElement);
const account = byId('account', HTMLSelectElement);
const password = byId('password', HTMLInputElement);
const nameUser = (): void => {
  byId('username', HTMLInputElement).value = account.value;
};
nameUser();
account.addEventListener('change', nameUser);
form.addEventListener('submit', (event) => {
  event.preventDefault();
  void signIn(new FormData(form));
});

onPress('call-once', () => callApi(open.auth.fetchWithAuth, 1));
onPress('call-many', () => callApi(open.auth.fetchWithAuth, MANY));
onPress('post-file', () => postFile(open.auth.fetchWithAuth));
// What comes of it is told by the events and, in words, here.
onPress('refresh', () =>
  open.auth.refresh().catch((error: unknown) => {
    show('status', error instanceof Error ? error.message : 'The refresh failed.');
  }),
);
onPress('sign-out', () => open.auth.signOut());

function openClient(keep: Keep): Open {
  const auth = createClient(keep);
  const listening = new AbortController();
  logEvents(auth, listening.signal);
  auth.addEventListener('signedout', ({ detail }) => showSignOut(detail.reason), {
    signal: listening.signal,
  });
  const unsubscribe = auth.subscribe(() => showSession(auth, keep));
  return {
    keep,
    auth,
    close: () => {
      listening.abort();
      unsubscribe();
      auth.close();
    },
  };
}

async function signIn(fields: FormData): Promise<void> {
  const button = byId('sign-in-button', HTMLButtonElement);
  if (button.getAttribute('aria-disabled') === 'true') return;
  button.setAttribute('aria-disabled', 'true');
  show('sign-in-error', '');
  try {
    const keep = fields.get('keep');
    if (isKeep(keep) && keep !== open.keep) {
      open.close();
      open = openClient(keep);
    }
    history.replaceState(null, '', keepSearch(open.keep));
    // The search for a session of an earlier visit, which may be a request, comes first.
    await open.auth.ready();
    await open.auth.setTokens(await logIn(open.keep, account.value, password.value));
  } catch (error) {
    show('sign-in-error', error instanceof Error ? error.message : 'Signing in failed.');
  } finally {
    button.removeAttribute('aria-disabled');
  }
}
