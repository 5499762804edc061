/** Of the session's code alone, and nothing that a minifier changes. */
export const SESSION_ONLY = ['BroadcastChannel', 'X-CSRF', 'visibilitychange'];

export const sessionCodeIn = (code: string): string[] =>
  SESSION_ONLY.filter((word) => code.includes(word));
