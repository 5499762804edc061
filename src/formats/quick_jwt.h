// The quick way to decode a token: yes with what most want of it, or that something is unusual.
// Then jwt.h is asked, which reads the same token again and says what. Verifies nothing (D8).
#pragma once

#include <cstddef>
#include <cstdint>

#include "formats/json_scanner.h"

namespace bearerkit {

// Which parts are read: there are always three (D1).
enum class QuickParts : std::uint8_t { all, all_but_header, payload };

struct QuickJwt {
  // JSON text of one object (D3), in the token's own memory.
  const char* payload = nullptr;
  std::size_t payload_size = 0;
  JsonScan scan;
};

// Decodes a token of `size` bytes in its own memory, which has kScanRoom bytes more; its only dots
// are at `first_dot` and `second_dot`. True only if decode_jwt (`all`; `all_but_header` with any
// header that is sound) or decode_time_claims (`payload`) takes it.
bool decode_quickly(char* token, std::size_t size, std::size_t first_dot, std::size_t second_dot,
                    QuickParts parts, QuickJwt& jwt);

}  // namespace bearerkit
