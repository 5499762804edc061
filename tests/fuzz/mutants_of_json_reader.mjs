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
    find: 'json.starts_with("\\xEF\\xBB\\xBF")',
    replace: 'json.starts_with("\\xEF\\xBB\\xBE")',
  },
  {
    name: 'take a surrogate in UTF-8',
    file: 'formats/utf8.cpp',
    find: 'if (lead == 0xed) return {3, 0x80, 0x9f};',
    replace: '',
  },
  {
    name: 'refuse a lone surrogate',
    file: 'formats/json_reader.cpp',
    find: 'copy.replace(at - 4, 4, "fffd");',
    replace: '',
  },
  {
    name: 'tear a pair of surrogates',
    file: 'formats/json_reader.cpp',
    find: 'if (is_high_surrogate(unit) && is_low_surrogate(escaped_unit(json, at))) {',
    replace: 'if (is_high_surrogate(unit) && unit < 0) {',
  },
  {
    name: 'read on at once behind a backslash',
    file: 'formats/json_reader.cpp',
    find: 'at += unit < 0 ? 2 : kEscapeLength;',
    replace: 'at += unit < 0 ? 1 : kEscapeLength;',
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
    find: 'input_.offset_of(input_.number_before(input_.last())));',
    replace: 'input_.last());',
  },
];
