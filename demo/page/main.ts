// The page: one session, a list of chapters, and the chapter that the address names.
import { CHAPTERS } from './chapters/index.ts';
import { byId, setText } from './parts/dom.ts';
import { readKeep } from './session/keep.ts';
import { Session } from './session/session.ts';
import { chapterList } from './shell/chapter_list.ts';
import { Router } from './shell/router.ts';
import { sessionBar } from './shell/session_bar.ts';

const session = new Session(readKeep(location.search));
sessionBar(session, byId('session-bar', HTMLElement));

const announcer = byId('announcer', HTMLElement);
const page = { session, announce: (text: string) => setText(announcer, text) };
new Router(CHAPTERS, byId('chapter', HTMLElement), page, chapterList(CHAPTERS)).start();

// A link to a place on the page would take the chapter out of the address.
byId('skip', HTMLAnchorElement).addEventListener('click', (event) => {
  event.preventDefault();
  byId('chapter', HTMLElement).focus();
});
