#include "ip_address.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include "ascii.h"

namespace bearerkit {
namespace {

constexpr bool is_lower_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }

bool is_number(std::string_view label) {
  if (label.empty()) return false;
  const bool hexadecimal = label.starts_with("0x") || label.starts_with("0X");
  for (const char c : label.substr(hexadecimal ? 2 : 0)) {
    if (!(hexadecimal ? is_lower_hex(to_lower(c)) : is_digit(c))) return false;
  }
  return true;  // "0x" alone counts as zero
}

// Takes a number from 0 to 255 without leading zeros off the front.
bool take_octet(std::string_view& text) {
  std::size_t length = 0;
  std::uint32_t value = 0;
  while (length < text.size() && length < 3 && is_digit(text[length])) {
    value = value * 10 + static_cast<std::uint32_t>(text[length] - '0');
    length++;
  }
  if (length == 0 || value > 255 || (length > 1 && text[0] == '0')) return false;
  text.remove_prefix(length);
  return true;
}

// The groups of an IPv6 address as they are written.
struct Groups {
  std::array<bool, 8> is_zero{};
  std::size_t count = 0;
};

// Reads groups with single colons between them: none for an empty text, else one or more.
bool read_groups(std::string_view text, Groups& groups) {
  std::size_t begin = 0;
  while (begin <= text.size() && !text.empty()) {
    std::size_t end = begin;
    while (end < text.size() && is_lower_hex(text[end])) end++;
    const std::size_t length = end - begin;
    if (length == 0 || length > 4 || (length > 1 && text[begin] == '0')) return false;
    if (groups.count == 8) return false;
    groups.is_zero[groups.count++] = text[begin] == '0';
    if (end == text.size()) return true;
    if (text[end] != ':') return false;
    begin = end + 1;
  }
  return text.empty();
}

// The longest run of zero groups and the first place where there is one that long.
struct Run {
  std::size_t begin = 0;
  std::size_t length = 0;
};

Run longest_zero_run(const std::array<bool, 8>& is_zero) {
  Run longest;
  Run run;
  for (std::size_t i = 0; i < is_zero.size(); i++) {
    run = is_zero[i] ? Run{run.length == 0 ? i : run.begin, run.length + 1} : Run{};
    if (run.length > longest.length) longest = run;
  }
  return longest;
}

}  // namespace

bool ends_in_a_number(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  const std::size_t dot = host.rfind('.');
  return is_number(dot == std::string_view::npos ? host : host.substr(dot + 1));
}

bool is_canonical_ipv4(std::string_view address) {
  for (int i = 0; i < 4; i++) {
    if (i > 0) {
      if (!address.starts_with('.')) return false;
      address.remove_prefix(1);
    }
    if (!take_octet(address)) return false;
  }
  return address.empty();
}

// RFC 5952 §4, as the URL standard's IPv6 serializer has it.
bool is_canonical_ipv6(std::string_view address) {
  const std::size_t gap = address.find("::");
  Groups groups;
  if (gap == std::string_view::npos) {
    return read_groups(address, groups) && groups.count == 8 &&
           longest_zero_run(groups.is_zero).length < 2;
  }
  Groups after;
  if (!read_groups(address.substr(0, gap), groups) ||
      !read_groups(address.substr(gap + 2), after) || groups.count + after.count > 6) {
    return false;
  }
  const Run written{groups.count, 8 - groups.count - after.count};
  std::array<bool, 8> is_zero = groups.is_zero;
  for (std::size_t i = 0; i < written.length; i++) is_zero[written.begin + i] = true;
  for (std::size_t i = 0; i < after.count; i++) {
    is_zero[written.begin + written.length + i] = after.is_zero[i];
  }
  const Run longest = longest_zero_run(is_zero);
  return longest.begin == written.begin && longest.length == written.length;
}

}  // namespace bearerkit
