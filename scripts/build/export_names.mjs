// What the exports of the core are called in the module, by what they are called everywhere else.
import { read } from '../lib/files.mjs';

/** @returns {Record<string, string>} as bindings/exports.h says */
export const exportNames = () =>
  Object.fromEntries(
    [...read('bindings/exports.h').matchAll(/^BEARERKIT_EXPORT\((\w+), (\w+)\)/gm)].map(
      ([, name = '', inModule = '']) => [name, inModule],
    ),
  );
