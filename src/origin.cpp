#include "origin.h"

#include <algorithm>
#include <cstddef>

#include "ascii.h"
#include "ip_address.h"
#include "limits.h"

namespace bearerkit {
namespace {

struct Origin {
  bool valid = false;
  bool secure = false;
  std::string_view host;
};

// Letters, digits, '-' and '_', the labels separated by single dots; a dot at the end may be.
bool is_name(std::string_view host) {
  bool label_is_empty = true;
  for (const char c : host) {
    if (c == '.') {
      if (label_is_empty) return false;
      label_is_empty = true;
    } else if (is_digit(c) || is_lower(c) || c == '-' || c == '_') {
      label_is_empty = false;
    } else {
      return false;
    }
  }
  return host != "." && !host.empty();
}

bool is_host(std::string_view host) {
  if (host.starts_with('[')) {
    return host.ends_with(']') && is_canonical_ipv6(host.substr(1, host.size() - 2));
  }
  // A last label that looks like a number makes the host an IPv4 address (URL standard, "ends in a
  // number checker"): 127.1 and 0x7f000001 are 127.0.0.1, whose one serialization is that.
  return ends_in_a_number(host) ? is_canonical_ipv4(host) : is_name(host);
}

// Without leading zeros, at most 65535, and not the scheme's own.
bool is_port(std::string_view port, bool secure) {
  if (port.empty() || port.size() > 5 || (port.size() > 1 && port[0] == '0')) return false;
  std::uint32_t number = 0;
  for (const char c : port) {
    if (!is_digit(c)) return false;
    number = number * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return number <= 65535 && number != (secure ? 443 : 80);
}

Origin take_apart(std::string_view text) {
  Origin origin;
  constexpr std::string_view kHttps = "https://";
  constexpr std::string_view kHttp = "http://";
  origin.secure = text.starts_with(kHttps);
  if (!origin.secure && !text.starts_with(kHttp)) return origin;
  text.remove_prefix(origin.secure ? kHttps.size() : kHttp.size());

  // A colon behind the brackets of an IPv6 address, if there are any.
  const std::size_t bracket = text.rfind(']');
  const std::size_t colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  origin.host = text.substr(0, colon);
  origin.valid = is_host(origin.host) && (colon == std::string_view::npos ||
                                          is_port(text.substr(colon + 1), origin.secure));
  return origin;
}

bool is_loopback_host(std::string_view host) {
  // RFC 6761 §6.3: localhost and everything under it; RFC 1122 §3.2.1.3: 127/8.
  return host == "localhost" || host.ends_with(".localhost") || host == "[::1]" ||
         (host.starts_with("127.") && is_canonical_ipv4(host));
}

}  // namespace

bool is_web_origin(std::string_view origin) { return take_apart(origin).valid; }

bool is_loopback(std::string_view origin) {
  const Origin parts = take_apart(origin);
  return parts.valid && is_loopback_host(parts.host);
}

void OriginList::set_own(std::string_view origin) {
  own_ = is_web_origin(origin) ? origin : std::string_view();
}

Error OriginList::add(std::string_view origin) {
  if (allows(origin)) return {};
  const Origin parts = take_apart(origin);
  const bool fit = parts.valid && (parts.secure || is_loopback_host(parts.host));
  if (!fit || others_.size() >= limits::kMaxOrigins) return Error{ErrorCode::invalid_config};
  others_.emplace_back(origin);
  return {};
}

bool OriginList::allows(std::string_view origin) const {
  if (origin.empty()) return false;
  return origin == own_ || std::find(others_.begin(), others_.end(), origin) != others_.end();
}

}  // namespace bearerkit
