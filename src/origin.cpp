#include "origin.h"

#include <cstddef>

#include "ascii.h"
#include "core_limits.h"

namespace bearerkit {
namespace {

struct Origin {
  bool valid = false;
  bool secure = false;
  std::string_view host;
};

constexpr bool is_host_character(char c) {
  return is_lower(c) || is_digit(c) || c == '-' || c == '_' || c == '.';
}

bool is_host(std::string_view host) {
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  for (const char c : host) {
    if (!is_host_character(c) && !(bracketed && c == ':')) return false;
  }
  return !host.empty();
}

// Without leading zeros, and not the scheme's own.
bool is_port(std::string_view port, bool secure) {
  for (const char c : port) {
    if (!is_digit(c)) return false;
  }
  return !port.empty() && port.size() <= 5 && port[0] != '0' && port != (secure ? "443" : "80");
}

Origin take_apart(std::string_view text) {
  Origin origin;
  constexpr std::string_view kHttps = "https://";
  constexpr std::string_view kHttp = "http://";
  origin.secure = text.starts_with(kHttps);
  if (!origin.secure && !text.starts_with(kHttp)) return origin;
  text.remove_prefix(origin.secure ? kHttps.size() : kHttp.size());

  // The last colon, unless it is one of an IPv6 address in brackets.
  const std::size_t colon = text.ends_with(']') ? std::string_view::npos : text.rfind(':');
  origin.host = text.substr(0, colon);
  origin.valid = is_host(origin.host) && (colon == std::string_view::npos ||
                                          is_port(text.substr(colon + 1), origin.secure));
  return origin;
}

// 127/8 (RFC 1122 §3.2.1.3), and no name that begins like it.
bool is_loopback_address(std::string_view host) {
  if (!host.starts_with("127.")) return false;
  for (const char c : host) {
    if (!is_digit(c) && c != '.') return false;
  }
  return true;
}

bool is_loopback_host(std::string_view host) {
  // RFC 6761 §6.3: localhost and everything under it.
  return host == "localhost" || host.ends_with(".localhost") || host == "[::1]" ||
         is_loopback_address(host);
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
  if (!fit || count_ >= limits::kMaxOrigins) return Error{ErrorCode::invalid_config};
  others_ += origin;
  others_ += '\n';
  count_++;
  return {};
}

bool OriginList::allows(std::string_view origin) const {
  if (origin.empty()) return false;
  if (origin == own_) return true;
  std::string_view rest = others_;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    if (rest.substr(0, end) == origin) return true;
    rest.remove_prefix(end + 1);
  }
  return false;
}

}  // namespace bearerkit
