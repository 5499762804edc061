#include "formats/json_reader.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>

#include "formats/ascii.h"
#include "formats/core_limits.h"
#include "formats/decimal.h"
#include "formats/utf8.h"

// Nothing that the parser itself throws is reached from here: its SAX interface reports errors by a
// call. Without these the header would bring in exceptions and streams.
#ifndef JSON_NOEXCEPTION
#define JSON_NOEXCEPTION
#endif
#ifndef JSON_NO_IO
#define JSON_NO_IO
#endif
#ifdef __wasm__
// nlohmann's lexer asserts that strtod read all of a number, which holds only where there is one:
// the module that ships has stand-ins (see Input::number_before).
#define JSON_ASSERT(condition) static_cast<void>(0)
#endif
#include <nlohmann/json.hpp>

namespace bearerkit {
namespace {

constexpr int kNumberOverflow = 406;  // nlohmann's out_of_range.406, where its own strtod overflows

constexpr bool is_json_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

constexpr bool may_be_in_number(char c) {
  return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

// The text, and how far the lexer has read it: SAX events come without their position. One space
// is read after the text, so that a number is always followed by the character that ended it.
class Input {
 public:
  explicit Input(std::string_view text) : text_(text) {}

  bool done() const { return read_ > text_.size(); }
  char current() const { return read_ < text_.size() ? text_[read_] : ' '; }
  void advance() { read_++; }

  std::size_t size() const { return text_.size(); }
  // The byte that was read last.
  std::size_t last() const { return std::min(read_ - 1, text_.size()); }
  // The first byte from `at` on that is neither white space nor a colon.
  std::size_t value_from(std::size_t at) const {
    while (at < text_.size() && (is_json_space(text_[at]) || text_[at] == ':')) at++;
    return at;
  }
  // The number that ends before `end`, as it is written. That nlohmann's lexer has converted it
  // with strtoull or strtod is of no account: read_decimal does it again, so that the result hangs
  // on neither the locale nor the C library, and a WebAssembly build may have stand-ins for both.
  std::string_view number_before(std::size_t end) const {
    std::size_t begin = end;
    while (begin > 0 && may_be_in_number(text_[begin - 1])) begin--;
    return text_.substr(begin, end - begin);
  }
  std::size_t offset_of(std::string_view part) const {
    return static_cast<std::size_t>(part.data() - text_.data());
  }

 private:
  std::string_view text_;
  std::size_t read_ = 0;
};

// Reads an Input; without one it is the end, as with std::istream_iterator.
class InputIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;

  InputIterator() = default;
  explicit InputIterator(Input* input) : input_(input) {}

  char operator*() const { return input_->current(); }
  InputIterator& operator++() {
    input_->advance();
    return *this;
  }
  bool operator==(const InputIterator& other) const { return at_end() == other.at_end(); }

 private:
  bool at_end() const { return input_ == nullptr || input_->done(); }

  Input* input_ = nullptr;
};

using Adapter = nlohmann::detail::iterator_input_adapter<InputIterator>;

}  // namespace
}  // namespace bearerkit

// What nlohmann would say about an error: nobody hears it (Events::parse_error), it holds pieces of
// the token (D10), and putting it together is a twentieth of the WebAssembly module.
template <>
std::string nlohmann::detail::parser<nlohmann::json, bearerkit::Adapter>::exception_message(
    const token_type /*expected*/, const std::string& /*context*/) {
  return {};
}

template <>
std::string nlohmann::detail::lexer<nlohmann::json, bearerkit::Adapter>::get_token_string() const {
  return {};
}

template <>
nlohmann::detail::parse_error nlohmann::detail::parse_error::create<std::nullptr_t, 0>(
    int id, const position_t& position, const std::string& /*what*/, std::nullptr_t /*context*/) {
  return {id, position.chars_read_total, ""};
}

template <>
nlohmann::detail::out_of_range nlohmann::detail::out_of_range::create<std::nullptr_t, 0>(
    int id, const std::string& /*what*/, std::nullptr_t /*context*/) {
  return {id, ""};
}

namespace bearerkit {
namespace {

// nlohmann's SAX events. To answer false ends the parse.
class Events {
 public:
  Events(Input& input, JsonMemberVisitor& visitor) : input_(input), visitor_(visitor) {}

  Error error;

  bool null() { return value(JsonType::null); }
  bool boolean(bool value_is) { return value(JsonType::boolean, {}, value_is ? 1 : 0); }
  bool number_integer(nlohmann::json::number_integer_t /*value*/) { return number(); }
  bool number_unsigned(nlohmann::json::number_unsigned_t /*value*/) { return number(); }
  bool number_float(double /*value*/, const std::string& /*text*/) { return number(); }
  bool string(std::string& text) { return value(JsonType::string, text); }
  bool binary(nlohmann::json::binary_t& /*value*/) { return false; }  // not in JSON

  bool key(std::string& name) {
    if (depth_ == 1) {
      name_.swap(name);  // `name` is the lexer's buffer, which the value will overwrite
      name_end_ = input_.last() + 1;
    }
    return true;
  }
  bool start_object(std::size_t /*size*/) { return start(JsonType::object); }
  bool start_array(std::size_t /*size*/) { return start(JsonType::array); }
  bool end_object() { return end(); }
  bool end_array() { return end(); }

  // `position` counts the bytes up to the one where the lexer stopped, that one included.
  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::json::exception& exception) {
    // The exception's text holds pieces of the token, so only its number is looked at (D10).
    if (exception.id == kNumberOverflow) {
      return fail(ErrorCode::number_out_of_range,
                  input_.offset_of(input_.number_before(input_.last())));
    }
    return fail(ErrorCode::invalid_json, std::min(position - 1, input_.size()));
  }

 private:
  bool fail(ErrorCode code, std::size_t offset) {
    error = Error{code, TokenPart::none, static_cast<std::uint32_t>(offset)};
    return false;
  }

  bool value(JsonType type, std::string_view text = {}, double number = 0) {
    if (depth_ == 1 && in_object_) {
      const auto offset = static_cast<std::uint32_t>(input_.value_from(name_end_));
      visitor_.member(JsonMember{name_, type, text, number, offset});
    }
    return true;
  }

  // Called with the character after the number read, too: only that tells that it has ended.
  bool number() {
    const std::string_view text = input_.number_before(input_.last());
    const double number = read_decimal(text);
    if (!std::isfinite(number)) {
      return fail(ErrorCode::number_out_of_range, input_.offset_of(text));
    }
    return value(JsonType::number, {}, number);
  }

  bool start(JsonType type) {
    if (depth_ == limits::kMaxJsonDepth) return fail(ErrorCode::too_deep, input_.last());
    if (depth_ == 0) in_object_ = type == JsonType::object;
    value(type);
    depth_++;
    return true;
  }

  bool end() {
    depth_--;
    return true;
  }

  Input& input_;
  JsonMemberVisitor& visitor_;
  std::size_t depth_ = 0;
  bool in_object_ = false;  // the outermost value is an object
  std::string name_;
  std::size_t name_end_ = 0;
};

Error error_at(ErrorCode code, std::size_t offset) {
  return Error{code, TokenPart::none, static_cast<std::uint32_t>(offset)};
}

constexpr std::size_t kEscapeLength = 6;  // of \uXXXX

// The UTF-16 code unit of the escape \uXXXX that begins at `at`; -1 where none does.
int escaped_unit(std::string_view json, std::size_t at) {
  const std::string_view escape = json.substr(at, kEscapeLength);
  if (escape.size() < kEscapeLength || !escape.starts_with("\\u")) return -1;
  int unit = 0;
  for (const char digit : escape.substr(2)) {
    const char c = to_lower(digit);
    const bool letter = c >= 'a' && c <= 'f';
    if (!letter && !is_digit(c)) return -1;
    unit = unit << 4 | (letter ? c - 'a' + 10 : c - '0');
  }
  return unit;
}

constexpr bool is_high_surrogate(int unit) { return unit >> 10 == 0xd800 >> 10; }
constexpr bool is_low_surrogate(int unit) { return unit >> 10 == 0xdc00 >> 10; }

// nlohmann's lexer refuses the escape of half a surrogate pair, which JSON.parse takes. U+FFFD is
// put in its place, in a copy, by an escape of the same length: every offset stays what it is.
// Up to its first backslash outside of a string, where every parser stops, a text can be read
// escape by escape without a look at its quotes. Gives `json` itself where there is no such half.
std::string_view replace_lone_surrogates(std::string_view json, std::string& copy) {
  std::size_t at = json.find('\\');
  for (; at != std::string_view::npos; at = json.find('\\', at)) {
    const int unit = escaped_unit(json, at);
    at += unit < 0 ? 2 : kEscapeLength;  // two: the backslash, and what it escapes
    if (is_high_surrogate(unit) && is_low_surrogate(escaped_unit(json, at))) {
      at += kEscapeLength;
    } else if (is_high_surrogate(unit) || is_low_surrogate(unit)) {
      if (copy.empty()) copy = json;
      copy.replace(at - 4, 4, "fffd");
    }
  }
  return copy.empty() ? json : copy;
}

}  // namespace

Error read_json_object(std::string_view text, JsonMemberVisitor& visitor) {
  if (const std::size_t at = find_invalid_utf8(text); at < text.size()) {
    return error_at(ErrorCode::invalid_utf8, at);
  }
  std::string copy;
  const std::string_view json = replace_lone_surrogates(text, copy);
  // nlohmann's lexer skips a byte order mark, which RFC 8259 §8.1 lets a reader refuse.
  if (json.starts_with("\xEF\xBB\xBF")) return error_at(ErrorCode::invalid_json, 0);

  Input input(json);
  Events events(input, visitor);
  if (!nlohmann::json::sax_parse(InputIterator(&input), InputIterator(), &events)) {
    return events.error ? events.error : error_at(ErrorCode::invalid_json, 0);
  }
  // nlohmann's lexer takes a NUL for the end of the text. In valid JSON there is none.
  if (const std::size_t at = json.find('\0'); at != std::string_view::npos) {
    return error_at(ErrorCode::invalid_json, at);
  }
  const std::size_t first = input.value_from(0);
  if (json[first] != '{') return error_at(ErrorCode::not_an_object, first);
  return {};
}

}  // namespace bearerkit
