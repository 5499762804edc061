// Letters and digits of ASCII, whatever the locale (<cctype> asks it).
#pragma once

#include <cstddef>
#include <string_view>

namespace bearerkit {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

constexpr char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

constexpr bool is_alphanumeric(char c) { return is_digit(c) || is_lower(to_lower(c)); }

constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); i++) {
    if (to_lower(a[i]) != to_lower(b[i])) return false;
  }
  return true;
}

// Without the spaces and tabs at both ends (OWS of RFC 9110 §5.6.3).
constexpr std::string_view trim_space(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

}  // namespace bearerkit
