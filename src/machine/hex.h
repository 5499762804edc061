// Session ids and the like as text: 16 lower-case hexadecimal digits.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "machine/milliseconds.h"

namespace bearerkit {

std::string to_hex(std::uint64_t value);
// A time in whole milliseconds; 0 for one that is none, or unknown.
std::string time_to_hex(Milliseconds time);
// 0 when it is not 16 lower-case hexadecimal digits, or all of them are zero.
std::uint64_t from_hex(std::string_view text);

}  // namespace bearerkit
