// B1: an origin is allowed only when it is, byte for byte, one of the list; http to a host that is
// not loopback never is, but for the page's own; "null" never; the list has its limit. The input:
// lines, the first is the page's own origin, the second is asked for, the others are added.
#include <set>

#include "formats/core_limits.h"
#include "formats/origin.h"
#include "fuzz.h"

using namespace bearerkit;
using bearerkit::fuzz::require;

namespace {

struct Origin {
  std::string_view scheme;
  std::string_view host;  // with the port
};

// scheme://host[:port] of the web, or two empty texts.
Origin parse(std::string_view text) {
  const std::size_t slashes = text.find("://");
  if (slashes == std::string_view::npos) return {};
  const Origin origin{text.substr(0, slashes), text.substr(slashes + 3)};
  if (origin.scheme != "http" && origin.scheme != "https") return {};
  for (const char c : origin.host) {
    if (std::string_view("/?#@\\* \n").find(c) != std::string_view::npos) return {};
  }
  return origin.host.empty() ? Origin{} : origin;
}

bool is_loopback_by_definition(std::string_view host) {
  const bool ipv6 = host.ends_with(']');
  const std::size_t colon = host.find_last_of(':');
  if (!ipv6 && colon != std::string_view::npos) host.remove_suffix(host.size() - colon);
  const bool address =
      host.starts_with("127.") && host.find_first_not_of("0123456789.") == host.npos;
  return address || host == "[::1]" || ("." + std::string(host)).ends_with(".localhost");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Text text = fuzz::read_text(data, size, 4096);
  std::string_view rest = text;
  const std::string_view own = fuzz::take_until(rest, '\n');
  const std::string_view asked = fuzz::take_until(rest, '\n');
  OriginList list;
  list.set_own(own);
  const bool has_own = !parse(own).host.empty();
  std::set<std::string_view> others;
  while (!rest.empty()) {
    const std::string_view text_of_origin = fuzz::take_until(rest, '\n');
    const Origin origin = parse(text_of_origin);
    const bool loopback = is_loopback_by_definition(origin.host);
    require(is_web_origin(text_of_origin) == !origin.host.empty());
    require(is_loopback(text_of_origin) == loopback);
    const bool known = (has_own && text_of_origin == own) || others.contains(text_of_origin);
    const bool fit = loopback || origin.scheme == "https";
    const bool taken = known || (fit && others.size() < limits::kMaxOrigins);
    require(!list.add(text_of_origin) == taken);
    if (taken && !known) others.insert(text_of_origin);
  }
  require(list.allows(asked) == ((has_own && asked == own) || others.contains(asked)));
  for (const std::string_view other : others) require(list.allows(other));
  require(!list.allows("null") && !list.allows("") && !list.allows("\n"));
  return 0;
}
