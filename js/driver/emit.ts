// The effects that are events: from the core's numbers to the app's words.
import {
  EFFECT,
  METHODS,
  METHOD_BITS,
  OTHER_METHOD,
  OAUTH_ERRORS,
  REFRESH_CAUSES,
  SIGN_IN_SOURCE,
  SIGN_OUT_REASONS,
  TIMELINE_CAUSES,
  TOKEN_FLAWS,
  WARNINGS,
} from '#generated/abi';

import type { Effect } from '../core/effect.ts';
import type { OAuthErrorCode, RefreshCause, RefreshCauseKind, SignOutReason } from '../errors.ts';
import type { AuthEventDetails, AuthEventType, WarningCode } from '../types.ts';
import { namesOf } from '../values.ts';

/** Takes an event. */
export type EmitEvent = <Type extends AuthEventType>(
  type: Type,
  detail: AuthEventDetails[Type],
) => void;

/** An effect that is an event: both have the same name. */
export type EventEffect = Extract<Effect, { kind: (typeof EFFECT)[AuthEventType] }>;

export function emitEvent(effect: EventEffect, emit: EmitEvent): void {
  switch (effect.kind) {
    case EFFECT.signedin: {
      const elsewhere = effect.source === SIGN_IN_SOURCE.elsewhere;
      emit('signedin', { elsewhere, restored: effect.source === SIGN_IN_SOURCE.restored });
      break;
    }
    case EFFECT.signedout: {
      const reason = signOutReason(effect.reason);
      if (reason) emit('signedout', { reason, ...causeMember(effect.refreshCause) });
      break;
    }
    case EFFECT.refreshed: {
      const { generation, elsewhere } = effect;
      emit('refreshed', { generation, elsewhere: elsewhere !== 0 });
      break;
    }
    case EFFECT.refreshfailed:
      emit('refreshfailed', { retryAt: effect.retryAt, ...causeMember(effect.refreshCause) });
      break;
    case EFFECT.warning: {
      const code = wordOf<WarningCode>(WARNINGS, effect.code);
      const flaws = namesOf(TOKEN_FLAWS, effect.flaws);
      if (code) emit('warning', { code, ...(flaws.length && { flaws }) });
      break;
    }
    case EFFECT.challenge: {
      const { text, maxAge } = effect;
      const [acrValues, scope] = text.split('\n');
      emit('challenge', {
        ...(acrValues && { acrValues }),
        ...(maxAge >= 0 && { maxAge }),
        ...(scope && { scope }),
      });
      break;
    }
    case EFFECT.timeline: {
      const { request, generation, answer, at } = effect;
      const cause = TIMELINE_CAUSES[effect.cause];
      const method = METHODS[answer & OTHER_METHOD] ?? '';
      const status = answer >>> METHOD_BITS;
      if (cause) emit('timeline', { cause, request, method, status, generation, at });
    }
  }
}

/** The word for a SIGN_OUT_REASON; undefined for none. */
export function signOutReason(reason: number): SignOutReason | undefined {
  return wordOf<SignOutReason>(SIGN_OUT_REASONS, reason);
}

/** R19: a RefreshCause::packed() of the core; undefined for none. */
export function refreshCause(packed: number): RefreshCause | undefined {
  const kind = wordOf<RefreshCauseKind>(REFRESH_CAUSES, packed & 0xff);
  const error = wordOf<OAuthErrorCode>(OAUTH_ERRORS, (packed >> 8) & 0xff);
  const status = packed >>> 16;
  return kind && { kind, ...(status && { status }), ...(error && { error }) };
}

function causeMember(packed: number): { cause?: RefreshCause } {
  const cause = refreshCause(packed);
  return cause ? { cause } : {};
}

function wordOf<Word extends string>(
  words: readonly (Word | 'none')[],
  index: number,
): Word | undefined {
  const word = words[index];
  return word === 'none' ? undefined : word;
}
