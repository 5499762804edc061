// R8: a wait is never negative, never endless and never NaN; a date is a finite time. The input:
// Retry-After, a line feed, Date.
#include <cmath>

#include "fuzz.h"
#include "retry_after.h"

using namespace bearerkit;
using bearerkit::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = fuzz::text_of(data, size);
  const std::string_view field = fuzz::take_until(rest, '\n');
  for (const double now : {0.0, 1'700'000'000.5, -1e12, 1e15}) {
    const OptionalSeconds wait = read_retry_after(field, rest, now);
    require(!wait.has_value() || (wait.seconds >= 0 && wait.seconds <= 2147483648.0));
    const OptionalSeconds date = read_http_date(field, now);
    require(!date.has_value() || std::isfinite(date.seconds));
  }
  return 0;
}
