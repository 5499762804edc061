// Defects in the quick way to read a token.

/** @type {import('../../scripts/lib/mutants.mjs').Mutant[]} */
export const mutantsOfQuickJwt = [
  {
    name: 'scan a level too deep',
    file: 'formats/json_scanner.cpp',
    find: 'if (depth_ == limits::kMaxJsonDepth) return false;',
    replace: 'if (depth_ == limits::kMaxJsonDepth - 1) return false;',
  },
  {
    name: 'take a control character in a string',
    file: 'formats/json_scanner.cpp',
    find: '(word - kEach * 0x20) & ~word',
    replace: '(word - kEach * 0x1f) & ~word',
  },
  {
    name: 'take UTF-8 as it comes',
    file: 'formats/json_scanner.cpp',
    find: 'if (find_invalid_utf8(all) != all.size()) return nullptr;',
    replace: 'if (find_invalid_utf8(all) == 0) return nullptr;',
  },
  {
    name: 'take a time of an object in the object',
    file: 'formats/json_scanner.cpp',
    find: 'if (depth_ == 1 && end - begin == 4) {',
    replace: 'if (end - begin == 4) {',
  },
  {
    name: 'overlook an escape in a name',
    file: 'formats/json_scanner.cpp',
    find: 'if (depth_ == 1 && escaped_) return false;',
    replace: '',
  },
  {
    name: 'take a time that is no number',
    file: 'formats/json_scanner.cpp',
    find: 'if (claim != other) return false;',
    replace: '',
  },
  {
    name: 'leave zeros behind the text',
    file: 'formats/json_scanner.cpp',
    find: 'std::memcpy(text + size, behind, kScanRoom);',
    replace: '',
  },
  {
    name: 'leave the signature unread',
    file: 'formats/quick_jwt.cpp',
    find: '!decode_in_place(token + signature, size - signature)',
    replace: 'size < signature',
  },
];
