// Decimal to binary, without the C library: strtod depends on the locale, its code would double the
// size of the WebAssembly module, and std::from_chars for double is missing from libc++ 14.
#pragma once

#include <string_view>

namespace bearerkit {

// The double nearest to a JSON number (RFC 8259 §6), ties to even, as JSON.parse has it, for any
// number of digits. ±infinity where it is beyond the largest double; NaN where `text` is not
// exactly one JSON number.
double read_decimal(std::string_view text);

}  // namespace bearerkit
