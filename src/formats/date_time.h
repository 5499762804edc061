// Points in time as text: HTTP-dates (RFC 9110 §5.6.7) and timestamps (RFC 3339 §5.6).
#pragma once

#include <string_view>

#include "formats/numeric_date.h"

namespace bearerkit {

// An HTTP-date in its three forms (IMF-fixdate, RFC 850, asctime), as seconds since 1970 UTC;
// absent when it is none. `now` (seconds) settles the century of RFC 850's two-digit year. White
// space around it is skipped. That the weekday is that of the date is not checked.
OptionalSeconds read_http_date(std::string_view field, double now);

// A timestamp, the profile of ISO 8601 that APIs write (`2026-11-26T21:05:19Z`), as seconds since
// 1970 UTC; absent when it is none. A space may stand for the T, and the offset may lack its colon
// or its minutes. Fractions of a second are dropped. One without an offset is none: it could be
// meant anywhere.
OptionalSeconds read_timestamp(std::string_view text);

}  // namespace bearerkit
