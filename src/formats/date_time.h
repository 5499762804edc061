// Points in time as text: HTTP-dates (RFC 9110 §5.6.7) and timestamps (RFC 3339 §5.6).
#pragma once

#include <string_view>

#include "formats/numeric_date.h"

namespace bearerkit {

// An HTTP-date in one of its three forms (IMF-fixdate, RFC 850, asctime), as seconds since 1970
// UTC. Absent for any other text. `now` (seconds) gives the century of RFC 850's two-digit year.
// White space around the date is skipped. The weekday is not compared with the date.
OptionalSeconds read_http_date(std::string_view field, double now);

// A timestamp in the profile of ISO 8601 that APIs write (`2026-11-26T21:05:19Z`), as seconds since
// 1970 UTC. Absent for any other text. A space may replace the T. The offset may be without colon
// or minutes, but it must be there: nobody knows the time zone otherwise. Fractions are dropped.
OptionalSeconds read_timestamp(std::string_view text);

}  // namespace bearerkit
