// Takes the place of beside.ts where a plain import is right: in Parcel (`alias` in package.json), which
// makes a script of a file that `new URL` names, so that its exports are lost, and never bundles into one
// file; and in Metro (`react-native` there), which refuses to import what a variable says, and where there
// is never WebAssembly.
import type { JavaScriptModule } from './types.ts';

export function javascriptBesideThis(): Promise<JavaScriptModule> {
  return import('./javascript.js');
}
