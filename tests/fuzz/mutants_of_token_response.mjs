// Defects in token responses.

/** @type {import('../../scripts/lib/mutants.mjs').Mutant[]} */
export const mutantsOfTokenResponse = [
  {
    name: 'a timeout of the server ends the session',
    file: 'formats/token_response.cpp',
    find: 'status == 408 || ',
    replace: '',
  },
  {
    name: 'invalid_request is of the client, whatever the status',
    file: 'formats/token_response.cpp',
    find: 'error <= OAuthError::unsupported_grant_type',
    replace: 'error <= OAuthError::invalid_request',
  },
  {
    name: 'any error in a 200 ends the session',
    file: 'formats/token_response.cpp',
    find: 'const bool known = error > OAuthError::other;',
    replace: 'const bool known = error > OAuthError::none;',
  },
  {
    name: 'access_denied passes',
    file: 'formats/token_response.cpp',
    find: 'error > OAuthError::access_denied',
    replace: 'error >= OAuthError::access_denied',
  },
  {
    name: 'white space before HTML',
    file: 'formats/token_response.cpp',
    find: "body[first] == '<'",
    replace: "body[0] == '<'",
  },
  {
    name: 'a cookie in spite of an error',
    file: 'formats/token_response.cpp',
    find: 'if (visitor.error > OAuthError::other) return',
    replace: 'if (visitor.error > OAuthError::slow_down) return',
  },
  {
    name: 'refuse a life of zero',
    file: 'formats/token_response.cpp',
    find: 'seconds >= 0',
    replace: 'seconds > 0',
  },
  {
    name: 'take milliseconds for seconds',
    file: 'formats/token_response.cpp',
    find: ' && time.seconds <= kLatest',
    replace: '',
  },
  {
    name: 'look at expires_at beside expires_in',
    file: 'formats/token_response.cpp',
    find: 'if (!response.expires_in.has_value()) {',
    replace: 'if (true) {',
  },
  {
    name: 'warn of an empty refresh token',
    file: 'formats/token_response.cpp',
    find: ' && (field != refresh_token || type != JsonType::string)',
    replace: '',
  },
  {
    name: 'a space in a token',
    file: 'formats/bearer_challenge.cpp',
    find: "if (c < '!' || c > '~') return false;",
    replace: "if (c < ' ' || c > '~') return false;",
  },
  {
    name: 'the spelling of JSON before that of OAuth',
    file: 'formats/token_response.cpp',
    find: 'is_usable(field, oauth_[field]) ? oauth_[field] : json_[field]',
    replace: 'is_usable(field, json_[field]) ? json_[field] : oauth_[field]',
  },
  {
    name: 'read a refusal of any length',
    file: 'formats/token_response.cpp',
    find: ' || body.size() > limits::kMaxResponseBytes',
    replace: '',
  },
];
