// Decimal to binary, without the C library: strtod depends on the locale, its code would double the
// size of the WebAssembly module, and std::from_chars for double is missing from libc++ 14.
#pragma once

#include <string_view>

namespace bearerkit {

// The double of a JSON number (RFC 8259 §6). It is the nearest one for up to 15 significant digits
// and a power of ten up to 22: all times and lifetimes of tokens are such. Else it is right to a
// few units in the last place. ±infinity beyond the largest double; NaN if `text` is not one JSON
// number.
double read_decimal(std::string_view text);

}  // namespace bearerkit
