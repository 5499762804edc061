// Chapter 4: where tokens are kept, who gets at them there, and what tabs share.
import type { Chapter } from '../../page.ts';
import { signOutAll } from '../../session/sign_out_all.ts';
import { attackSection } from './attack.ts';
import { crossSiteSection } from './cross_site.ts';
import { tabsSection } from './two_tabs.ts';

export const chapter: Chapter = {
  id: 'storage',
  title: 'Where to keep it',
  question: 'A script that is not yours runs in your page. In which storage can it not act as you?',
  guesses: [
    { text: 'In memory' },
    { text: 'In HttpOnly cookies' },
    { text: 'In none of them', right: true },
  ],
  answer:
    'It calls the API as you from all five, as long as the page is open. They differ in what it takes home: run it and see.',
  mount: (root, page) => {
    const crossSite = crossSiteSection();
    const tabs = tabsSection();
    // Cookies and storages are the whole page's: the script would find other sessions as well.
    const endAll = async (): Promise<void> => {
      await Promise.all([page.session.signOut(), crossSite.end(), tabs.end()]);
      await signOutAll();
    };
    root.append(attackSection(endAll), crossSite.element, tabs.element);
    if (page.part === 'tabs') tabs.element.scrollIntoView();
    return () => {
      crossSite.close();
      tabs.close();
    };
  },
};
