// Where a request goes, in the words of a request (RequestFlag).
#pragma once

#include <cstdint>
#include <string_view>

#include "formats/hash.h"
#include "formats/origin.h"
#include "machine/instruction.h"

namespace bearerkit {

// `origin` is a serialized origin. B10: a foreign one gets a number, not 0, by which the machine
// knows it again without its name.
inline std::uint32_t origin_flags(const OriginList& origins, std::string_view origin) {
  if (origins.is_own(origin)) return own_origin;
  if (origins.allows(origin)) return 0;
  if (!is_web_origin(origin)) return foreign_origin;
  const auto number = static_cast<std::uint16_t>(hash_of(origin) >> 32U);
  return foreign_origin | (number | 1U) << kOriginNumberShift;
}

}  // namespace bearerkit
