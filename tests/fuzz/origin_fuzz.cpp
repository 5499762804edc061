// B1: an origin is allowed only when it is, byte for byte, one of the list; http to a host that is
// not loopback never is, but for the page's own; "null" never. The input: lines, the first is the
// page's own origin, the second is asked for, the others are added.
#include <vector>

#include "fuzz.h"
#include "origin.h"

using namespace bearerkit;
using bearerkit::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = fuzz::text_of(data, size);
  const std::string_view own = fuzz::take_until(rest, '\n');
  const std::string_view asked = fuzz::take_until(rest, '\n');
  OriginList list;
  list.set_own(own);
  bool listed = is_web_origin(own) && asked == own;
  while (!rest.empty()) {
    const std::string_view origin = fuzz::take_until(rest, '\n');
    const bool plain = origin.substr(0, 5) == "http:";
    if (!list.add(origin)) {
      require(is_web_origin(origin));
      require(!plain || is_loopback(origin) || origin == own);
      listed = listed || asked == origin;
    }
  }
  require(list.allows(asked) == listed);
  require(!list.allows("null") && !list.allows(""));
  return 0;
}
