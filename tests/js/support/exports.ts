// The exports of the core by their own names: in the module they are short.
import { exportNames } from '../../../scripts/build/export_names.mjs';

const NAMES = new Map(Object.entries(exportNames()).map(([name, inModule]) => [inModule, name]));

export function named(exports: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(exports).map(([name, value]) => [NAMES.get(name) ?? name, value as unknown]),
  );
}
