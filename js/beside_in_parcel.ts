// Takes the place of beside.ts in Parcel (`alias` in package.json): Parcel makes a script of a file that
// `new URL` names, and its exports are lost. It never bundles into one file, so here a plain import is right.
import type { JavaScriptModule } from './types.ts';

export function javascriptBesideThis(): Promise<JavaScriptModule> {
  return import('./javascript.js');
}
