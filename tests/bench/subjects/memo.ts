// The least there is to do: one token remembered, and a look at the dots before anything else.
import type { Subject } from './subject.ts';

let lastToken = '';
let lastExp = 0;

export const subject: Subject = {
  decode: (token) => {
    const second = token.indexOf('.', token.indexOf('.') + 1);
    if (token.includes('.', second + 1)) throw new Error('no JWT');
    return {};
  },
  isExpired: (token) => {
    if (token !== lastToken) {
      const part = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
      lastExp = (JSON.parse(atob(part)) as { exp: number }).exp;
      lastToken = token;
    }
    return lastExp <= Date.now() / 1000;
  },
};
