// nlohmann's lexer over a text of ours, for json_reader.cpp alone. Its members that read strings
// and numbers are put in other words: what they check has been checked before, or is read again.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "formats/ascii.h"
#include "formats/text.h"

// Nothing that the parser itself throws is reached from here: its SAX interface reports errors by a
// call. Without these the header would bring in exceptions and streams.
#ifndef JSON_NOEXCEPTION
#define JSON_NOEXCEPTION
#endif
#ifndef JSON_NO_IO
#define JSON_NO_IO
#endif
#include <nlohmann/json.hpp>

namespace bearerkit {

constexpr bool is_json_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

constexpr bool may_be_in_number(char c) {
  return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

// The text, and how far the lexer has read it: SAX events come without their position. One space
// is read after the text, so that a number is always followed by the character that ended it.
class JsonInput {
 public:
  explicit JsonInput(std::string_view text) : text_(text) {}

  // The next byte, as an unsigned one, or EOF.
  int take() {
    if (read_ > text_.size()) return std::char_traits<char>::eof();
    const char c = read_ < text_.size() ? text_[read_] : ' ';
    read_++;
    return static_cast<unsigned char>(c);
  }

  std::size_t size() const { return text_.size(); }
  // The byte that was read last.
  std::size_t last() const { return std::min(read_ - 1, text_.size()); }
  // The first byte from `at` on that is neither white space nor a colon.
  std::size_t value_from(std::size_t at) const {
    while (at < text_.size() && (is_json_space(text_[at]) || text_[at] == ':')) at++;
    return at;
  }
  // The number that ends before `end`, as it is written.
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

// Hands a JsonInput to the lexer.
class JsonAdapter {
 public:
  using char_type = char;

  explicit JsonAdapter(JsonInput& input) : input_(input) {}

  std::char_traits<char>::int_type get_character() { return input_.take(); }

 private:
  JsonInput& input_;
};

// nlohmann::json, but for its strings.
using Json = nlohmann::basic_json<std::map, std::vector, Text>;
using JsonLexer = nlohmann::detail::lexer<Json, JsonAdapter>;
using JsonParser = nlohmann::detail::parser<Json, JsonAdapter>;

}  // namespace bearerkit

// What nlohmann would say about an error: nobody hears it (Events::parse_error), it holds pieces of
// the token (D10), and putting it together is a twentieth of the WebAssembly module.
template <>
inline std::string bearerkit::JsonParser::exception_message(const token_type /*expected*/,
                                                            const std::string& /*context*/) {
  return {};
}

template <>
inline std::string bearerkit::JsonLexer::get_token_string() const {
  return {};
}

template <>
inline nlohmann::detail::parse_error nlohmann::detail::parse_error::create<std::nullptr_t, 0>(
    int id, const position_t& position, const std::string& /*what*/, std::nullptr_t /*context*/) {
  return {id, position.chars_read_total, ""};
}

template <>
inline nlohmann::detail::out_of_range nlohmann::detail::out_of_range::create<std::nullptr_t, 0>(
    int id, const std::string& /*what*/, std::nullptr_t /*context*/) {
  return {id, ""};
}

// A number is read from its text (Events::number): this one is never beyond a double.
template <>
constexpr auto bearerkit::JsonLexer::get_number_float() const noexcept -> number_float_t {
  return 0;
}

// The lexer notes each byte of a token, and the line where it stands, for the same messages.
template <>
inline auto bearerkit::JsonLexer::get() -> char_int_type {
  position.chars_read_total++;
  if (!next_unget) current = ia.get_character();
  next_unget = false;
  return current;
}

template <>
inline void bearerkit::JsonLexer::unget() {
  position.chars_read_total--;
  next_unget = true;
}

template <>
inline void bearerkit::JsonLexer::reset() noexcept {
  token_buffer = {};
}

// What begins with one, or as one does, does not come here.
template <>
inline bool bearerkit::JsonLexer::skip_bom() {
  return true;
}

// There are none in JSON.
template <>
inline bool bearerkit::JsonLexer::scan_comment() {
  return false;
}

namespace bearerkit {

// Adds a character as UTF-8.
inline void append_code_point(Text& text, std::uint32_t point) {
  const auto add = [&text](std::uint32_t byte) { text += static_cast<char>(byte); };
  const auto add_low = [&](std::uint32_t shift) { add(0x80 | (point >> shift & 0x3f)); };
  if (point < 0x80) return add(point);
  if (point < 0x800) {
    add(0xc0 | point >> 6);
  } else {
    if (point < 0x10000) {
      add(0xe0 | point >> 12);
    } else {
      add(0xf0 | point >> 18);
      add_low(12);
    }
    add_low(6);
  }
  add_low(0);
}

}  // namespace bearerkit

// The text is UTF-8. The escape of half a surrogate pair, which nlohmann refuses and JSON.parse
// takes, is read as U+FFFD.
template <>
inline auto bearerkit::JsonLexer::scan_string() -> token_type {
  constexpr std::string_view kEscapes = "bfnrt\"\\/";
  constexpr std::string_view kMeanings = "\b\f\n\r\t\"\\/";
  constexpr std::uint32_t kReplacement = 0xfffd;  // three bytes of UTF-8
  reset();
  std::uint32_t high = 0;  // the half of a pair that was read last; the other half may follow
  while (get() != '"') {
    if (current < ' ') return token_type::parse_error;  // or the end, which is less
    const bool escaped = current == '\\';
    if (!escaped || get() != 'u') {
      const auto c = static_cast<char>(current);
      const std::size_t which = escaped ? kEscapes.find(c) : 0;
      if (escaped && which == std::string_view::npos) return token_type::parse_error;
      token_buffer += escaped ? kMeanings[which] : c;
      high = 0;
      continue;
    }
    const int read = get_codepoint();
    if (read < 0) return token_type::parse_error;
    auto point = static_cast<std::uint32_t>(read);
    const std::uint32_t half = point >> 10;
    if (half == 0xdc00 >> 10 && high != 0) {
      token_buffer.resize(token_buffer.size() - 3);
      point = 0x10000 + ((high & 0x3ff) << 10 | (point & 0x3ff));
      high = 0;
    } else {
      high = half == 0xd800 >> 10 ? point : 0;
      if (point >> 11 == 0xd800 >> 11) point = kReplacement;
    }
    bearerkit::append_code_point(token_buffer, point);
  }
  return token_type::value_string;
}

// Only where the number ends: read_decimal says what it is, so that this hangs on neither the
// locale nor the C library.
template <>
inline auto bearerkit::JsonLexer::scan_number() -> token_type {
  const auto digits = [this] {
    const bool any = current >= '0' && current <= '9';
    while (current >= '0' && current <= '9') get();
    return any;
  };
  if (current == '-') get();
  if (current == '0') {
    get();
  } else if (!digits()) {
    return token_type::parse_error;
  }
  if (current == '.') {
    get();
    if (!digits()) return token_type::parse_error;
  }
  if (current == 'e' || current == 'E') {
    get();
    if (current == '+' || current == '-') get();
    if (!digits()) return token_type::parse_error;
  }
  unget();
  return token_type::value_float;
}
