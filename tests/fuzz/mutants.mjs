// Deliberate defects of the core, one each, and the target that has to see it: `find` stands in
// src/`file` exactly once and becomes `replace`. scripts/fuzz_mutants.mjs shows that each is seen.

/** @typedef {import('../../scripts/lib/mutants.mjs').Mutant & { target: string }} FuzzMutant */

/** @type {Record<string, import('../../scripts/lib/mutants.mjs').Mutant[]>} */
const byTarget = {
  base64url: [
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
  ],
  jwt: [
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
  ],
  json_reader: [
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
  ],
  bearer_challenge: [
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
  ],
  token_response: [
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
      find: '} else if (visitor.error > OAuthError::other) {',
      replace: '} else if (visitor.error > OAuthError::slow_down) {',
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
  ],
  retry_after: [
    {
      name: 'a leap day each year',
      file: 'formats/date_time.cpp',
      find: 't.month == 2 && is_leap(t.year) ? 1 : 0',
      replace: 't.month == 2 ? 1 : 0',
    },
    {
      name: 'the leap years of Julius Caesar',
      file: 'formats/date_time.cpp',
      find: 'year / 4 - year / 100 + year / 400',
      replace: 'year / 4',
    },
    {
      name: 'the offset of a timestamp the wrong way round',
      file: 'formats/date_time.cpp',
      find: 'ahead ? seconds - offset : seconds + offset',
      replace: 'ahead ? seconds + offset : seconds - offset',
    },
    {
      name: 'a timestamp of a thirteenth month',
      file: 'formats/date_time.cpp',
      find: 't.month > 12',
      replace: 't.month > 13',
    },
    {
      name: 'a wait without end',
      file: 'formats/retry_after.cpp',
      find: 'wait < kLongestWait ? wait : kLongestWait',
      replace: 'wait',
    },
    {
      name: 'a wait for what is over',
      file: 'formats/retry_after.cpp',
      find: 'if (!(wait > 0)) return OptionalSeconds{0};',
      replace: '',
    },
    {
      name: 'months that begin a day late',
      file: 'formats/date_time.cpp',
      find: '(153 * month + 2) / 5',
      replace: '(153 * month + 3) / 5',
    },
  ],
  record: [
    {
      name: 'write one control character as it is',
      file: 'machine/record.cpp',
      find: 'static_cast<unsigned char>(c) < 0x20',
      replace: 'static_cast<unsigned char>(c) < 0x1f',
    },
    {
      name: 'write a secret in hybrid mode',
      file: 'machine/record.cpp',
      find: 'if (mode == Mode::bearer) {',
      replace: 'if (mode != Mode::cookie) {',
    },
    {
      name: 'cut times to the millisecond',
      file: 'machine/record.cpp',
      find: 'std::nearbyint(number)',
      replace: 'std::trunc(number)',
    },
    {
      name: 'take a record that expired before it came',
      file: 'machine/record.cpp',
      find: '|| !times_fit',
      replace: '',
    },
    {
      name: 'a lease of a millisecond less',
      file: 'machine/lease.cpp',
      find: 'until <= now + length',
      replace: 'until < now + length',
    },
    {
      name: 'a session of nobody',
      file: 'machine/peer_message.cpp',
      find: 'if (message.session == 0) return',
      replace: 'if (message.session == 1) return',
    },
  ],
  origin: [
    {
      name: 'any text for an own origin',
      file: 'formats/origin.cpp',
      find: 'is_web_origin(origin) ? origin : std::string_view();',
      replace: 'origin;',
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
  ],
  machine: [
    {
      name: 'retry twice',
      file: 'machine/machine_requests.cpp',
      find: 'request.attempt = Attempt::second;',
      replace: 'request.attempt = Attempt::first;',
    },
    {
      name: 'a token for foreign origins',
      file: 'machine/machine_requests.cpp',
      find: 'foreign_origin | caller_authorization | no_cors | aborted;',
      replace: 'caller_authorization | no_cors;',
    },
    {
      name: "send an old session's request with the new user's token",
      file: 'machine/session.cpp',
      find: 'request.session == record_.session || request.session == 0;',
      replace: 'request.session == record_.session || request.session != 1;',
    },
    {
      name: "send an old session's answer again",
      file: 'machine/session.cpp',
      find: 'if (!exists() || request.session != record_.session) return',
      replace: 'if (!exists()) return',
    },
    {
      name: 'forget a waiter',
      file: 'machine/machine_requests.cpp',
      find: 'if (request == nullptr) continue;',
      replace: 'if (request == nullptr || (id & 7) == 3) continue;',
    },
    {
      name: 'go on refreshing after a sign-out',
      file: 'machine/refresh.cpp',
      find: 'if (runs()) run_++;\n  phase_ = Phase::idle;\n  deadline_ = kNever;',
      replace: '',
    },
    {
      name: 'a transient failure ends the session',
      file: 'machine/refresh_table.h',
      find: 'answer_transient,          P::idle,       A::back_off}',
      replace: 'answer_transient,          P::idle,       A::end_rejected}',
    },
    {
      name: 'ask for a timer a millisecond too early',
      file: 'machine/session.h',
      find: 'rejected_ ? 0 : record_.deadline - margin();',
      replace: 'rejected_ ? 0 : record_.deadline - margin() - 1;',
    },
    {
      name: 'a margin longer than the life',
      file: 'machine/session.cpp',
      find: 'return settings_.refresh_margin < most ? settings_.refresh_margin : most;',
      replace: 'return most * 0 + settings_.refresh_margin;',
    },
    {
      name: 'keep the lock after a failure',
      file: 'machine/machine_refresh.cpp',
      find: 'random_, !closed_);\n  turn_.release(effects_, refresh_.run());',
      replace: 'random_, !closed_);',
    },
    {
      name: 'keep the lease',
      file: 'machine/turn.cpp',
      find: 'effects.push(EffectKind::remove_lease).text = std::exchange(lease_, {});',
      replace: 'lease_.clear();',
    },
    {
      name: 'store a refresh token in hybrid mode',
      file: 'machine/machine_refresh.cpp',
      find: 'if (settings_.mode == Mode::bearer) effect.text = record.refresh_token.text();',
      replace: 'effect.text = "secret" + std::string(record.refresh_token.text());',
    },
    {
      name: 'remember presumed sessions',
      file: 'machine/machine_session.cpp',
      find: 'if (stored) ended_.add',
      replace: 'if (stored || true) ended_.add',
    },
    {
      name: 'leave a lock that threw unanswered',
      file: 'machine/machine.cpp',
      find: 'return on_lock_unavailable(id);',
      replace: 'return;',
    },
    {
      name: 'a refresh that threw ends the session',
      file: 'machine/machine.cpp',
      find: 'return on_refresh_error(id, Override::none, RefreshCauseKind::threw);',
      replace: 'return on_refresh_error(id, Override::terminal, RefreshCauseKind::threw);',
    },
    {
      name: 'keep a request that could not be sent',
      file: 'machine/machine.cpp',
      find: 'return forget(id, TimelineCause::request_failed);',
      replace: 'return;',
    },
    {
      name: "revoke with another session's access token",
      file: 'machine/machine_session.cpp',
      find: 'effect.access_token = record.access_token;',
      replace: 'effect.access_token = session_.record().access_token;',
    },
    {
      name: 'send again without the token',
      file: 'machine/machine_requests.cpp',
      find: 'effect.retry = {id, flags, token_version()};\n  if ((flags & with_token) != 0)',
      replace: 'effect.retry = {id, flags, token_version()};\n  if ((flags & csrf) != 0)',
    },
    {
      name: 'go by a time that is none',
      file: 'machine/machine.cpp',
      find: 'if (!(now > -kNever && now < kNever)) now = now_;',
      replace: '',
    },
  ],
};

/** @type {FuzzMutant[]} */
export const mutants = Object.entries(byTarget).flatMap(([target, all]) =>
  all.map((mutant) => ({ ...mutant, target })),
);
