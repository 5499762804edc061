/** What `client.engine` may be. */
export const CORES = ['wasm', 'js'] as const;
export type Core = (typeof CORES)[number];

/** The Content-Security-Policy under which the core is to run so (P2, P3). */
export function policyFor(core: Core, inlineScripts: boolean): string {
  const scripts = ["'self'"];
  if (core === 'wasm') scripts.push("'wasm-unsafe-eval'");
  if (inlineScripts) scripts.push("'unsafe-inline'");
  const styles = inlineScripts ? "; style-src 'self' 'unsafe-inline'" : '';
  return `default-src 'self'; script-src ${scripts.join(' ')}${styles}`;
}
