import { el, setText, whileBusy } from '../parts/dom.ts';
import { ACCOUNTS, ALL_ACCOUNTS, DEMO_PASSWORD } from '../session/accounts.ts';
import { ALL_KEEPS, isKeep, type Keep, KEEPS } from '../session/keep.ts';
import type { Session } from '../session/session.ts';

export interface SignInForm {
  readonly element: HTMLElement;
  show(): void;
}

/** A form as an app has one: for password managers, and for wrong passwords. */
export function signInForm(session: Session): SignInForm {
  const account = el(
    'select',
    { id: 'account' },
    ...ALL_ACCOUNTS.map((who) => {
      const { email, role } = ACCOUNTS[who];
      return el('option', { value: email }, `${email} (${role})`);
    }),
  );
  // For password managers, which take no select.
  const username = el('input', { type: 'text', autocomplete: 'username', hidden: true });
  const nameUser = (): void => {
    username.value = account.value;
  };
  nameUser();
  account.addEventListener('change', nameUser);
  const password = el('input', {
    id: 'password',
    type: 'password',
    value: DEMO_PASSWORD,
    autocomplete: 'current-password',
    'aria-describedby': 'password-hint',
    required: true,
  });
  const error = el('p', { id: 'sign-in-error', class: 'error', role: 'alert' });
  const submit = el(
    'button',
    { id: 'sign-in-button', type: 'submit', class: 'primary' },
    'Sign in',
  );
  const choices = ALL_KEEPS.map((keep) => choiceOf(keep));

  const form = el(
    'form',
    { id: 'sign-in-form' },
    el('label', { for: 'account' }, 'Demo account'),
    account,
    username,
    el('label', { for: 'password' }, 'Password'),
    password,
    el('p', { id: 'password-hint', class: 'hint' }, 'The password of both accounts is filled in.'),
    error,
    submit,
    el(
      'fieldset',
      {},
      el('legend', {}, 'Where the tokens are kept'),
      ...choices.map(({ element }) => element),
    ),
  );
  form.addEventListener('change', () => {
    const chosen = choices.find(({ input }) => input.checked)?.input.value;
    if (isKeep(chosen)) session.keepIn(chosen);
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void whileBusy(submit, async () => {
      setText(error, '');
      try {
        await session.signInWith(account.value, password.value);
      } catch (thrown) {
        setText(error, thrown instanceof Error ? thrown.message : 'Signing in failed.');
      }
    });
  });
  return {
    element: el(
      'section',
      { id: 'sign-in', class: 'card', hidden: true },
      el('h2', { tabindex: -1, id: 'sign-in-title' }, 'Sign in'),
      form,
    ),
    show: () => {
      for (const { keep, input } of choices) input.checked = keep === session.keep;
    },
  };
}

function choiceOf(keep: Keep): { keep: Keep; input: HTMLInputElement; element: HTMLElement } {
  const { name, hint } = KEEPS[keep];
  const input = el('input', {
    id: `keep-${keep}`,
    type: 'radio',
    name: 'keep',
    value: keep,
    'aria-describedby': `keep-${keep}-hint`,
  });
  return {
    keep,
    input,
    element: el(
      'div',
      { class: 'option' },
      input,
      el('label', { for: input.id }, name),
      el('p', { class: 'hint', id: `keep-${keep}-hint` }, hint),
    ),
  };
}
