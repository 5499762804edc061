#include "formats/origin.h"

#include <cstddef>

#include "formats/core_limits.h"

namespace bearerkit {
namespace {

constexpr std::string_view kHttps = "https://";
constexpr std::string_view kHttp = "http://";

// What stands behind the scheme: host and port; empty when it is no web origin.
std::string_view authority_of(std::string_view origin) {
  for (const std::string_view scheme : {kHttps, kHttp}) {
    if (!origin.starts_with(scheme)) continue;
    origin.remove_prefix(scheme.size());
    const bool more = origin.find_first_of("/?#@\\* \n") != std::string_view::npos;
    return more ? std::string_view() : origin;
  }
  return {};
}

// 127/8 (RFC 1122 §3.2.1.3), and no name that begins like it.
bool is_loopback_address(std::string_view host) {
  return host.starts_with("127.") &&
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

}  // namespace

bool is_web_origin(std::string_view origin) { return !authority_of(origin).empty(); }

bool is_loopback(std::string_view origin) {
  std::string_view host = authority_of(origin);
  // The last colon begins a port, unless it is one of an IPv6 address in brackets.
  if (!host.ends_with(']')) host = host.substr(0, host.rfind(':'));
  // RFC 6761 §6.3: localhost and everything under it.
  return host == "localhost" || host.ends_with(".localhost") || host == "[::1]" ||
         is_loopback_address(host);
}

void OriginList::set_own(std::string_view origin) {
  own_ = is_web_origin(origin) ? Text(origin) : Text();
}

Error OriginList::add(std::string_view origin) {
  if (allows(origin)) return {};
  const bool fit = is_loopback(origin) || (is_web_origin(origin) && origin.starts_with(kHttps));
  if (!fit || count_ >= limits::kMaxOrigins) return Error{ErrorCode::invalid_config};
  others_ += origin;
  others_ += '\n';
  count_++;
  return {};
}

bool OriginList::allows(std::string_view origin) const {
  if (origin.empty()) return false;
  if (is_own(origin)) return true;
  std::string_view rest = others_;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    if (rest.substr(0, end) == origin) return true;
    rest.remove_prefix(end + 1);
  }
  return false;
}

}  // namespace bearerkit
