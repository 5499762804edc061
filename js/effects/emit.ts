// The effect `emit`: the core's numbers as the app's words.
import {
  EVENTS,
  SIGN_IN_SOURCE,
  SIGN_OUT_REASONS,
  TIMELINE_CAUSES,
  WARNINGS,
} from '#generated/abi';

import type { AuthEventDetails, AuthEventType } from '../types.ts';
import type { Effect } from './effect.ts';

/** Told of an event. */
export type EmitEvent = <Type extends AuthEventType>(
  type: Type,
  detail: AuthEventDetails[Type],
) => void;

export function emitEvent(effect: Effect, emit: EmitEvent): void {
  const { code, flags, generation, at, request } = effect;
  const type = EVENTS[code];
  const reason = SIGN_OUT_REASONS[flags];
  const warning = WARNINGS[flags];
  const cause = TIMELINE_CAUSES[flags];
  const details: { [Type in AuthEventType]: AuthEventDetails[Type] | false | undefined } = {
    signedin: {
      elsewhere: flags === SIGN_IN_SOURCE.elsewhere,
      restored: flags === SIGN_IN_SOURCE.restored,
    },
    signedout: reason && { reason },
    refreshed: { generation, elsewhere: flags !== 0 },
    refreshfailed: { retryAt: at },
    warning: warning && { code: warning },
    timeline: cause && { cause, request, generation, at },
  };
  const detail = type && details[type];
  if (detail) emit(type, detail);
}
