// Defects in the JSON reader.

/** @type {import('../../scripts/lib/mutants.mjs').Mutant[]} */
export const mutantsOfJsonReader = [
  {
    name: 'a level too deep',
    file: 'formats/json_reader.cpp',
    find: 'depth_ == limits::kMaxJsonDepth',
    replace: 'depth_ == limits::kMaxJsonDepth + 1',
  },
  {
    name: 'count depth in all, not at once',
    file: 'formats/json_reader.cpp',
    find: 'bool end() {\n    depth_--;',
    replace: 'bool end() {\n    depth_ -= depth_ < 3 ? 1 : 0;',
  },
  {
    name: 'end at a NUL',
    file: 'formats/json_reader.cpp',
    find: "json.find('\\0'); at != std::string_view::npos",
    replace: "json.find('\\0'); at == 0",
  },
  {
    name: 'skip a byte order mark',
    file: 'formats/json_reader.cpp',
    find: "json.starts_with('\\xEF')",
    replace: "json.starts_with('\\xEE')",
  },
  {
    name: 'take a surrogate in UTF-8',
    file: 'formats/utf8.cpp',
    find: 'if (lead == 0xed) return {3, 0x80, 0x9f};',
    replace: '',
  },
  {
    name: 'refuse a lone surrogate',
    file: 'formats/json_lexer.h',
    find: 'if (point >> 11 == 0xd800 >> 11) point = kReplacement;',
    replace: 'if (point >> 11 == 0xd800 >> 11) return token_type::parse_error;',
  },
  {
    name: 'tear a pair of surrogates',
    file: 'formats/json_lexer.h',
    find: 'high = half == 0xd800 >> 10 ? point : 0;',
    replace: 'high = 0;',
  },
  {
    name: 'join two halves with a character between them',
    file: 'formats/json_lexer.h',
    find: 'token_buffer += escaped ? kMeanings[which] : c;\n      high = 0;',
    replace: 'token_buffer += escaped ? kMeanings[which] : c;',
  },
  {
    name: 'lose half a unit of a decimal',
    file: 'formats/decimal.cpp',
    find: 'exponent < 0 ? value / power : value * power;',
    replace: 'exponent < 0 ? value * (1 / power) : value * power;',
  },
  {
    name: 'tell the end of a number for its begin',
    file: 'formats/json_reader.cpp',
    find: 'input_.offset_of(text)',
    replace: 'input_.last()',
  },
];
