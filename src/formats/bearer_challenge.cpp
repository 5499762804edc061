#include "formats/bearer_challenge.h"

#include <cmath>
#include <cstddef>
#include <utility>

#include "formats/ascii.h"
#include "formats/core_limits.h"
#include "formats/decimal.h"
#include "formats/words.h"

namespace bearerkit {
namespace {

// RFC 9110 §5.6.2
constexpr bool is_token_char(char c) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return is_alphanumeric(c) || kMarks.find(c) != std::string_view::npos;
}

// Printable, so that it can be shown and put into a URL, and of a length that somebody means.
bool may_be_told(std::string_view value) {
  for (const char c : value) {
    if (c < ' ' || c > '~') return false;
  }
  return value.size() <= limits::kMaxStepUpBytes;
}

// RFC 9470 §3: a non-negative integer.
OptionalSeconds whole_seconds(std::string_view value) {
  for (const char c : value) {
    if (!is_digit(c)) return {};
  }
  const double seconds = read_decimal(value);
  return std::isfinite(seconds) ? OptionalSeconds{seconds} : OptionalSeconds{};
}

// Reads `#challenge` (RFC 9110 §11.6.1) and forgives what servers get wrong: missing commas, bytes
// that belong nowhere. Every step takes at least one byte, so any text comes to an end.
class ChallengeReader {
 public:
  explicit ChallengeReader(std::string_view field)
      : field_(field.substr(0, limits::kMaxChallengeBytes)) {}

  StepUp step_up;

  ChallengeMeaning read() {
    bool after_comma = true;  // only there a challenge may begin
    while (skip_separators(after_comma)) {
      if (!is_token_char(field_[at_])) {
        skip_garbage();
        after_comma = false;
        continue;
      }
      read_item(after_comma);
      after_comma = false;
    }
    end_challenge();
    if (invalid_token_) return ChallengeMeaning::refreshable;
    if (step_up_) return ChallengeMeaning::step_up;
    if (insufficient_scope_) return ChallengeMeaning::insufficient_scope;
    if (refused_ || (other_scheme_ && !bearer_)) return ChallengeMeaning::not_refreshable;
    return bearer_ ? ChallengeMeaning::refreshable : ChallengeMeaning::absent;
  }

 private:
  bool done() const { return at_ == field_.size(); }
  bool at(char c) const { return !done() && field_[at_] == c; }

  void skip_space() {
    while (at(' ') || at('\t')) at_++;
  }

  // Skips white space and commas; false at the end.
  bool skip_separators(bool& after_comma) {
    while (at(' ') || at('\t') || at(',')) {
      if (at(',')) after_comma = true;
      at_++;
    }
    return !done();
  }

  // A quoted string whole, so that a comma in it ends nothing; else one byte.
  void skip_garbage() {
    Text ignored;
    if (!at('"') || !read_quoted(ignored)) at_++;
  }

  std::string_view take_token() {
    const std::size_t begin = at_;
    while (!done() && is_token_char(field_[at_])) at_++;
    return field_.substr(begin, at_ - begin);
  }

  // `name = value`, or the scheme of a new challenge, or a word that belongs nowhere. A token68
  // (RFC 9110 §11.3) needs no care of its own: it is such a word, or a name with an empty value
  // where "=" ends it, and what is left of it is skipped.
  void read_item(bool may_be_scheme) {
    const std::string_view word = take_token();
    skip_space();
    if (at('=')) {
      at_++;
      skip_space();
      read_value(word);
      return;
    }
    const bool bearer = equal_ignoring_case(word, "bearer");
    bearer_ |= bearer;  // a comma may be missing before it: in doubt a refresh
    if (!may_be_scheme) return;
    end_challenge();
    in_bearer_ = bearer;
    other_scheme_ |= !bearer;
  }

  // The first challenge that asks for a step-up is the one that is told.
  void end_challenge() {
    if (asks_step_up_ && !step_up_) step_up = asked_;
    step_up_ |= asks_step_up_;
    asks_step_up_ = false;
    asked_ = StepUp{};
  }

  // The value behind `name =`: a token or a quoted string. Neither: the parameter is dropped.
  void read_value(std::string_view name) {
    Text value;
    if (at('"')) {
      if (!read_quoted(value)) {
        at_++;  // the quote that is never closed
        return;
      }
    } else {
      value = Text(take_token());
    }
    if (in_bearer_) take_parameter(name, value);
  }

  // RFC 9110 §11.2: names in any case; RFC 6749 §5.2: the codes are as they are written.
  void take_parameter(std::string_view name, const Text& value) {
    if (equal_ignoring_case(name, "error")) {
      const std::size_t place = place_of(
          value,
          "insufficient_user_authentication invalid_token insufficient_scope insufficient_claims "
          "invalid_request");
      asks_step_up_ |= place == 0;
      invalid_token_ |= place == 1;
      insufficient_scope_ |= place == 2;
      refused_ |= place == 3 || place == 4;
    } else if (!may_be_told(value)) {
      return;
    } else if (equal_ignoring_case(name, "acr_values")) {
      asked_.acr_values = value;
    } else if (equal_ignoring_case(name, "scope")) {
      asked_.scope = value;
    } else if (equal_ignoring_case(name, "max_age")) {
      asked_.max_age = whole_seconds(value);
    }
  }

  // RFC 9110 §5.6.4. False, with nothing taken, where the closing quote is missing.
  bool read_quoted(Text& value) {
    if (unclosed_) return false;
    for (std::size_t i = at_ + 1; i < field_.size(); i++) {
      if (field_[i] == '"') {
        at_ = i + 1;
        return true;
      }
      if (field_[i] == '\\' && i + 1 < field_.size()) i++;
      value += field_[i];
    }
    unclosed_ = true;  // nor is any later one closed: look for the end only once
    value = {};
    return false;
  }

  std::string_view field_;
  std::size_t at_ = 0;
  bool in_bearer_ = false;
  bool unclosed_ = false;
  bool bearer_ = false;
  bool other_scheme_ = false;
  bool invalid_token_ = false;
  bool insufficient_scope_ = false;
  bool refused_ = false;
  bool step_up_ = false;
  StepUp asked_;  // of the challenge that is being read
  bool asks_step_up_ = false;
};

}  // namespace

ChallengeMeaning read_challenge(std::string_view field) { return ChallengeReader(field).read(); }

StepUp read_step_up(std::string_view field) {
  ChallengeReader reader(field);
  const bool asked = reader.read() == ChallengeMeaning::step_up;
  return asked ? reader.step_up : StepUp{};
}

bool is_sendable(std::string_view token) {
  for (const char c : token) {
    if (c < '!' || c > '~') return false;
  }
  return !token.empty();
}

}  // namespace bearerkit
