import type { AuthClient } from 'bearerkit';

/** The recipe of docs/RECIPES.md, which support/hermes.ts puts here. */
export function createAuth(api: string): AuthClient;
