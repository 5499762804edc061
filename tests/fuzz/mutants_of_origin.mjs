// Defects in origins.

/** @type {import('../../scripts/lib/mutants.mjs').Mutant[]} */
export const mutantsOfOrigin = [
  {
    name: 'any text for an own origin',
    file: 'formats/origin.cpp',
    find: 'is_web_origin(origin) ? Text(origin) : Text();',
    replace: 'Text(origin);',
  },
  {
    name: 'a name that begins like the loopback',
    file: 'formats/origin.cpp',
    find: 'host.starts_with("127.") &&\n         host.find_first_not_of("0123456789.") == std::string_view::npos;',
    replace: 'host.starts_with("127.");',
  },
  {
    name: 'allow what begins like an origin',
    file: 'formats/origin.cpp',
    find: 'if (rest.substr(0, end) == origin) return true;',
    replace: 'if (origin.starts_with(rest.substr(0, end))) return true;',
  },
  {
    name: 'an origin more than there may be',
    file: 'formats/origin.cpp',
    find: 'count_ >= limits::kMaxOrigins',
    replace: 'count_ > limits::kMaxOrigins',
  },
];
