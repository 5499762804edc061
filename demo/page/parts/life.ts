// How long a token has left, by this device's clock.
import type { JwtPayload } from '/bearerkit/index.js';
import type { Keep } from '../session/keep.ts';
import { bar } from './bar.ts';

export interface LifeBar {
  readonly element: HTMLElement;
  show(claims: JwtPayload | null, keep?: Keep): void;
}

export function lifeBar(label: string): LifeBar {
  const { element, set } = bar(label);
  element.classList.add('life');
  return {
    element,
    show: (claims, keep) => {
      if (claims === null) set(0, keep === 'cookie' ? 'in a cookie, out of sight' : 'no token');
      else if (claims.exp === undefined) set(1, 'names no end');
      else {
        const left = claims.exp - Date.now() / 1000;
        const whole = claims.exp - (claims.iat ?? claims.exp);
        set(whole > 0 ? left / whole : 0, left > 0 ? clock(left) : 'expired');
      }
    },
  };
}

/** `14:59`: counts down without jumping in width. */
function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
