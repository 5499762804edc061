// base64url without padding (RFC 4648 §5, RFC 7515 §2).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "formats/error.h"

namespace bearerkit {

// Upper bound of the bytes that `length` characters decode to.
constexpr std::size_t base64url_decoded_size(std::size_t length) {
  return length / 4 * 3 + (length % 4 == 0 ? 0 : length % 4 - 1);
}

// Decodes `text` into `out`, which has room for base64url_decoded_size(text.size()) bytes; `out`
// may be the memory of `text` itself. Gives the number of bytes written, or invalid_base64url with
// the offset of the first offending character.
// D2: no padding, no '+' '/', no white space, no length of 4n+1, unused trailing bits zero.
Result<std::size_t> base64url_decode(std::string_view text, char* out);

}  // namespace bearerkit
