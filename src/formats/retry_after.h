// `Retry-After` and `Date` (RFC 9110 §10.2.3, §5.6.7).
#pragma once

#include <string_view>

#include "formats/numeric_date.h"

namespace bearerkit {

// An HTTP-date in its three forms (IMF-fixdate, RFC 850, asctime), as seconds since 1970 UTC;
// absent when it is none. `now` (seconds) settles the century of RFC 850's two-digit year. White
// space around it is skipped. That the weekday is that of the date is not checked.
OptionalSeconds read_http_date(std::string_view field, double now);

// Retry-After: delta-seconds or an HTTP-date; gives the wait in seconds from `now` (≥ 0), or
// absent. No wait is longer than 2³¹ seconds (RFC 9111 §1.2.2). A date is measured against the
// server's own `Date` where given, so that a wrong local clock does not stretch or shrink the wait
// (E5).
OptionalSeconds read_retry_after(std::string_view field, std::string_view date, double now);

}  // namespace bearerkit
