// Session ids and the like as text: 16 lower-case hexadecimal digits.
#pragma once

#include <cstdint>
#include <string_view>

#include "formats/text.h"
#include "machine/milliseconds.h"

namespace bearerkit {

Text to_hex(std::uint64_t value);
// A time in whole milliseconds; 0 for one that is none, or unknown.
Text time_to_hex(Milliseconds time);
// 0 when it is not 16 lower-case hexadecimal digits, or all of them are zero.
std::uint64_t from_hex(std::string_view text);

}  // namespace bearerkit
