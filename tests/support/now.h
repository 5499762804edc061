// The time of the tests to which any time will do.
#pragma once

#include "machine/milliseconds.h"

namespace bearerkit {

inline constexpr Milliseconds kNow = 1'700'000'000'000;

}  // namespace bearerkit
