// The machine's unit of time.
#pragma once

#include <limits>

namespace bearerkit {

// A time: milliseconds since 1970 UTC by the caller's clock, as Date.now() gives them. Or a length
// of time, in milliseconds.
using Milliseconds = double;
// Far beyond every date, and what a double still holds exactly.
inline constexpr Milliseconds kLastTime = 9.0e15;
inline constexpr Milliseconds kNever = std::numeric_limits<double>::infinity();

}  // namespace bearerkit
