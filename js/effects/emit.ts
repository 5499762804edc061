// The effect `emit`: the core's numbers as the app's words.
import { EVENT, SIGN_IN_SOURCE, SIGN_OUT_REASONS, TIMELINE_CAUSES, WARNINGS } from '#generated/abi';

import type { AuthEventDetails, AuthEventType } from '../types.ts';
import type { Effect } from './effect.ts';

/** Told of an event. */
export type EmitEvent = <Type extends AuthEventType>(
  type: Type,
  detail: AuthEventDetails[Type],
) => void;

export function emitEvent(effect: Effect, emit: EmitEvent): void {
  const { code, flags, generation, at, request } = effect;
  switch (code) {
    case EVENT.signedin: {
      const elsewhere = flags === SIGN_IN_SOURCE.elsewhere;
      emit('signedin', { elsewhere, restored: flags === SIGN_IN_SOURCE.restored });
      break;
    }
    case EVENT.signedout:
      emit('signedout', { reason: SIGN_OUT_REASONS[flags] ?? 'signed_out' });
      break;
    case EVENT.refreshed:
      emit('refreshed', { generation, elsewhere: flags !== 0 });
      break;
    case EVENT.refreshfailed:
      emit('refreshfailed', { retryAt: at });
      break;
    case EVENT.warning:
      emit('warning', { code: WARNINGS[flags] ?? 'storage_unavailable' });
      break;
    case EVENT.timeline: {
      const cause = TIMELINE_CAUSES[flags];
      if (cause !== undefined) emit('timeline', { cause, request, generation, at });
      break;
    }
  }
}
