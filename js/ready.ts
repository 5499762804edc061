import { loadCore } from './core.ts';

/**
 * Resolves when the synchronous functions can be used. Where there is WebAssembly they can be used
 * at once, and there is no need to call this.
 * @throws {AuthError} `core_failed` where the core cannot be started.
 */
export async function ready(): Promise<void> {
  loadCore();
}
