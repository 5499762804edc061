// `Retry-After` (RFC 9110 §10.2.3).
#pragma once

#include <string_view>

#include "formats/date_time.h"
#include "formats/numeric_date.h"

namespace bearerkit {

// Retry-After: delta-seconds or an HTTP-date; gives the wait in seconds from `now` (≥ 0), or
// absent. No wait is longer than 2³¹ seconds (RFC 9111 §1.2.2). A date is measured against the
// server's own `Date` where given, so that a wrong local clock does not stretch or shrink the wait
// (E5).
OptionalSeconds read_retry_after(std::string_view field, std::string_view date, double now);

}  // namespace bearerkit
