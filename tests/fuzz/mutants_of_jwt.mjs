// Defects in tokens (JWT).

/** @type {import('../../scripts/lib/mutants.mjs').Mutant[]} */
export const mutantsOfJwt = [
  {
    name: 'find a signature of alg none well',
    file: 'formats/jwt.cpp',
    find: 'header.algorithm_is_none == has_signature',
    replace: 'header.algorithm_is_none != has_signature',
  },
  {
    name: 'look at 63 names',
    file: 'formats/jwt.cpp',
    find: 'count_ == std::size(seen_)',
    replace: 'count_ + 1 == std::size(seen_)',
  },
  {
    name: 'refuse a mebibyte',
    file: 'formats/jwt.cpp',
    find: 'token.size() > limits::kMaxTokenBytes',
    replace: 'token.size() >= limits::kMaxTokenBytes',
  },
  {
    name: 'a wrong type stays, whatever comes after it',
    file: 'formats/jwt.cpp',
    find: 'wrong_type = m.type != JsonType::number;',
    replace: 'wrong_type |= m.type != JsonType::number;',
  },
  {
    name: 'read past the end of the last part',
    file: 'formats/jwt.cpp',
    find: 'token.substr(dots[1] + 1)};',
    replace: 'std::string_view(token.data() + dots[1] + 1, token.size() - dots[1])};',
  },
];
