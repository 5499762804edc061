// Defects in challenges.

/** @type {import('../../scripts/lib/mutants.mjs').Mutant[]} */
export const mutantsOfBearerChallenge = [
  {
    name: 'a scheme in lower case only',
    file: 'formats/bearer_challenge.cpp',
    find: 'equal_ignoring_case(word, "bearer")',
    replace: 'word == "bearer"',
  },
  {
    name: 'an escaped quote ends a string',
    file: 'formats/bearer_challenge.cpp',
    find: "if (field_[i] == '\\\\' && i + 1 < field_.size()) i++;",
    replace: '',
  },
  {
    name: 'insufficient_scope before invalid_token',
    file: 'formats/bearer_challenge.cpp',
    find: 'if (invalid_token_) return ChallengeMeaning::refreshable;',
    replace: 'if (invalid_token_ && !insufficient_scope_) return ChallengeMeaning::refreshable;',
  },
  {
    name: 'refresh for Basic',
    file: 'formats/bearer_challenge.cpp',
    find: 'if (refused_ || (other_scheme_ && !bearer_))',
    replace: 'if (refused_)',
  },
  {
    name: 'deliver where Bearer is named as well',
    file: 'formats/bearer_challenge.cpp',
    find: '(other_scheme_ && !bearer_)',
    replace: 'other_scheme_',
  },
  {
    name: 'tell what the challenge before asks for',
    file: 'formats/bearer_challenge.cpp',
    find: 'asked_ = StepUp{};',
    replace: '',
  },
  {
    name: 'tell the last challenge that asks',
    file: 'formats/bearer_challenge.cpp',
    find: 'if (asks_step_up_ && !step_up_)',
    replace: 'if (asks_step_up_)',
  },
  {
    name: 'tell what is not ASCII',
    file: 'formats/bearer_challenge.cpp',
    find: "if (c < ' ' || c > '~') return false;",
    replace: "if (c >= 0 && (c < ' ' || c > '~')) return false;",
  },
  {
    name: 'tell what is beyond the limit',
    file: 'formats/bearer_challenge.cpp',
    find: 'return value.size() <= limits::kMaxStepUpBytes;',
    replace: 'return true;',
  },
  {
    name: 'a byte less than 16 KiB',
    file: 'formats/bearer_challenge.cpp',
    find: 'field.substr(0, limits::kMaxChallengeBytes)',
    replace: 'field.substr(0, limits::kMaxChallengeBytes - 1)',
  },
];
