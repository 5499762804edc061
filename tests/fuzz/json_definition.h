// JSON by its definitions, to check the reader by: slower than src/ has it, and written otherwise.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "formats/ascii.h"
#include "formats/core_limits.h"
#include "formats/error.h"

namespace bearerkit::fuzz {

// RFC 3629 §3: where the first sequence begins that is none, or the text's size.
inline std::size_t first_ill_formed(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto byte_at = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint32_t lead = byte_at(at);
    const std::size_t length = lead < 0x80       ? 1
                               : lead >> 5 == 6  ? 2
                               : lead >> 4 == 14 ? 3
                               : lead >> 3 == 30 ? 4
                                                 : 0;
    if (length == 0 || text.size() - at < length) return at;
    std::uint32_t code = length == 1 ? lead : lead & (0x7fU >> length);
    for (std::size_t i = at + 1; i < at + length; i++) {
      if (byte_at(i) >> 6 != 2) return at;
      code = code << 6 | (byte_at(i) & 63U);
    }
    constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = code >= 0xd800 && code <= 0xdfff;
    if (code < kLeast[length] || code > 0x10ffff || surrogate) return at;
    at += length;
  }
  return at;
}

// What JSON.parse takes and nlohmann does not: half of a surrogate pair as an escape. The same text
// with the escape of U+FFFD instead, read one string after the other.
inline std::string without_lone_surrogates(std::string_view text) {
  std::string result(text);
  std::size_t high = text.size();  // where the escape of a high surrogate began that ends here
  const auto replace = [&](std::size_t escape) {
    if (escape < text.size()) result.replace(escape + 2, 4, "fffd");
  };
  bool in_string = false;
  std::size_t length = 0;
  for (std::size_t at = 0; at < text.size(); at += length) {
    length = 1;
    unsigned long unit = 0;
    if (text[at] == '"') {
      in_string = !in_string;
    } else if (text[at] == '\\') {
      if (!in_string) break;  // no JSON, and nothing behind it counts
      const std::string digits(text.substr(std::min(at + 2, text.size()), 4));
      const bool four = digits.size() == 4 &&
                        digits.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
      length = text[at + 1 < text.size() ? at + 1 : at] == 'u' && four ? 6 : 2;
      if (length == 6) unit = std::stoul(digits, nullptr, 16);
    }
    const bool low = unit >= 0xdc00 && unit <= 0xdfff;
    if (low && high < text.size()) {
      high = text.size();
      continue;
    }
    replace(high);
    if (low) replace(at);
    high = unit >= 0xd800 && unit <= 0xdbff ? at : text.size();
  }
  replace(high);
  return result;
}

// RFC 8259 §6: the number that begins at `at`; empty where there is none, or one that breaks off.
inline std::string_view number_at(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  std::size_t end = 0;
  const auto take_one_of = [&](std::string_view marks) {
    if (end == rest.size() || marks.find(rest[end]) == std::string_view::npos) return false;
    end++;
    return true;
  };
  const auto take_digits = [&] {
    const std::size_t begin = end;
    end = std::min(rest.find_first_not_of("0123456789", begin), rest.size());
    return end > begin;
  };
  take_one_of("-");
  if (!take_one_of("0") && !take_digits()) return {};
  if (take_one_of(".") && !take_digits()) return {};
  if (take_one_of("eE")) {
    take_one_of("+-");
    if (!take_digits()) return {};
  }
  return rest.substr(0, end);
}

inline double to_double(std::string_view number) {
  return std::strtod(std::string(number).c_str(), nullptr);
}

// The first bracket or number, read from the left, that is too much for the reader, if it is any
// at all: whatever stands before it was not looked at. Code none: a number so near to the largest
// double that decimal.h may take it or not.
struct Excess {
  ErrorCode code = ErrorCode::none;
  std::size_t at = 0;
  std::string closing;  // ends what is open there
};

inline std::optional<Excess> first_excess(std::string_view text) {
  constexpr double kEdge = 1.797693134e308;
  std::string open;
  std::size_t at = 0;
  const auto excess = [&](ErrorCode code) {
    return Excess{code, at, std::string(open.rbegin(), open.rend())};
  };
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      for (at++; at < text.size() && text[at] != '"'; at++) at += text[at] == '\\' ? 1 : 0;
    } else if (c == '{' || c == '[') {
      if (open.size() == limits::kMaxJsonDepth) return excess(ErrorCode::too_deep);
      open += c == '{' ? '}' : ']';
    } else if (c == '}' || c == ']') {
      if (!open.empty()) open.pop_back();
    } else if (c == '-' || is_digit(c)) {
      const std::string_view number = number_at(text, at);
      if (number.empty()) return {};  // and nothing behind it counts
      const double size = std::abs(to_double(number));
      if (std::isinf(size)) return excess(ErrorCode::number_out_of_range);
      if (size > kEdge) return excess(ErrorCode::none);
      at += number.size() - 1;
    }
    at++;
  }
  return {};
}

}  // namespace bearerkit::fuzz
