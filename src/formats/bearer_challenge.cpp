#include "formats/bearer_challenge.h"

#include <cstddef>
#include <string>

#include "formats/ascii.h"
#include "formats/core_limits.h"

namespace bearerkit {
namespace {

// RFC 9110 §5.6.2
constexpr bool is_token_char(char c) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return is_alphanumeric(c) || kMarks.find(c) != std::string_view::npos;
}

// Reads `#challenge` (RFC 9110 §11.6.1) and forgives what servers get wrong: missing commas, bytes
// that belong nowhere. Every step takes at least one byte, so any text comes to an end.
class ChallengeReader {
 public:
  explicit ChallengeReader(std::string_view field) : field_(field) {}

  ChallengeVerdict read() {
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
    if (invalid_token_) return ChallengeVerdict::invalid_token;
    if (insufficient_scope_) return ChallengeVerdict::insufficient_scope;
    return seen_any_ ? ChallengeVerdict::other : ChallengeVerdict::absent;
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
    seen_any_ = true;
    std::string ignored;
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
    seen_any_ = true;
    const std::string_view word = take_token();
    skip_space();
    if (at('=')) {
      at_++;
      skip_space();
      read_value(word);
      return;
    }
    if (!may_be_scheme) return;
    in_bearer_ = equal_ignoring_case(word, "bearer");
  }

  // The value behind `name =`: a token or a quoted string. Neither: the parameter is dropped.
  void read_value(std::string_view name) {
    std::string value;
    if (at('"')) {
      if (!read_quoted(value)) {
        at_++;  // the quote that is never closed
        return;
      }
    } else {
      value = take_token();
    }
    // RFC 9110 §11.2: names in any case; RFC 6749 §5.2: the codes are as they are written.
    if (!in_bearer_ || !equal_ignoring_case(name, "error")) return;
    invalid_token_ |= value == "invalid_token";
    insufficient_scope_ |= value == "insufficient_scope";
  }

  // RFC 9110 §5.6.4. False, with nothing taken, where the closing quote is missing.
  bool read_quoted(std::string& value) {
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
    value.clear();
    return false;
  }

  std::string_view field_;
  std::size_t at_ = 0;
  bool in_bearer_ = false;
  bool seen_any_ = false;
  bool unclosed_ = false;
  bool invalid_token_ = false;
  bool insufficient_scope_ = false;
};

}  // namespace

ChallengeVerdict read_challenge(std::string_view field) {
  return ChallengeReader(field.substr(0, limits::kMaxChallengeBytes)).read();
}

bool is_sendable(std::string_view token) {
  for (const char c : token) {
    if (c < '!' || c > '~') return false;
  }
  return !token.empty();
}

}  // namespace bearerkit
