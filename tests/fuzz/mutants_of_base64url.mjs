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
    find: '(b & 15u) != 0',
    replace: '(b & 7u) != 0',
  },
  {
    name: 'take a length of 4n + 1',
    file: 'formats/base64url.cpp',
    find: 'if (length == 1) return invalid_at(i);',
    replace: 'if (length == 1) return std::size_t{0};',
  },
  {
    name: 'write a group before it is read in full',
    file: 'formats/base64url.cpp',
    find: 'const std::uint32_t c = value_at(text, i + 2);\n    const std::uint32_t d = value_at(text, i + 3);',
    replace:
      'out[0] = static_cast<char>(a << 2 | b >> 4); out[1] = static_cast<char>(b << 4); out[2] = 0;\n    const std::uint32_t c = value_at(text, i + 2);\n    const std::uint32_t d = value_at(text, i + 3);',
  },
];
