// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <string_view>

namespace bearerkit {

// The offset of the first byte that begins no well-formed sequence, or text.size() when all is
// well-formed. For a sequence that is broken off it is the offset of its lead byte.
std::size_t find_invalid_utf8(std::string_view text);

}  // namespace bearerkit
