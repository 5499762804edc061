// Session ids and the like as text: 16 lower-case hexadecimal digits.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bearerkit {

std::string to_hex(std::uint64_t value);
// 0 when it is not 16 lower-case hexadecimal digits, or all of them are zero.
std::uint64_t from_hex(std::string_view text);

}  // namespace bearerkit
