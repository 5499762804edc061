// Defects in base64url.

/** @type {import('../../scripts/lib/mutants.mjs').Mutant[]} */
export const mutantsOfBase64url = [
  {
    name: 'take the + of the other alphabet',
    file: 'formats/base64url.cpp',
    find: '0123456789-_";',
    replace: '0123456789+_";',
  },
  {
    name: 'take a last character with bits left over',
    file: 'formats/base64url.cpp',
    find: 'bytes >> 8 * length != 0',
    replace: 'bytes >> 16 != 0',
  },
  {
    name: 'take a length of 4n + 1',
    file: 'formats/base64url.cpp',
    find: 'if (length == 0 ||',
    replace: 'if (length == 0) return length;\n  if (',
  },
  {
    name: 'write beyond what is there',
    file: 'formats/base64url.cpp',
    find: 'text.size() > i + 5',
    replace: 'text.size() > i + 3',
  },
  {
    name: 'write a group before it is read in full',
    file: 'formats/base64url.cpp',
    find: 'std::uint32_t bytes = 0;',
    replace: 'std::uint32_t bytes = 0;\n  std::memset(out, 0, group.size() - 1);',
  },
];
