#include "formats/quick_jwt.h"

#include <string_view>

#include "formats/base64url.h"
#include "formats/core_limits.h"

namespace bearerkit {
namespace {

Result<std::size_t> decode_in_place(char* text, std::size_t size) {
  return base64url_decode({text, size}, text);
}

// False where it is unusual.
bool read_part(char* text, std::size_t size, QuickJwt& jwt) {
  const Result<std::size_t> decoded = decode_in_place(text, size);
  if (!decoded) return false;
  jwt.payload = text;
  jwt.payload_size = *decoded;
  return scan_json_object(text, *decoded, jwt.scan);
}

}  // namespace

bool decode_quickly(char* token, std::size_t size, std::size_t first_dot, std::size_t second_dot,
                    QuickParts parts, QuickJwt& jwt) {
  if (first_dot >= second_dot || second_dot >= size || size > limits::kMaxTokenBytes) return false;
  const std::size_t signature = second_dot + 1;
  if (parts == QuickParts::all && !read_part(token, first_dot, jwt)) return false;
  if (parts != QuickParts::payload && !decode_in_place(token + signature, size - signature)) {
    return false;
  }
  const std::size_t payload = first_dot + 1;
  return read_part(token + payload, second_dot - payload, jwt);
}

}  // namespace bearerkit
