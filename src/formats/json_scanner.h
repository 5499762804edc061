// A quick reader of the JSON that nearly every token holds. It says yes, or that something is
// unusual: then json_reader.h is asked, which says what.
#pragma once

#include <cstddef>

#include "formats/numeric_date.h"

namespace bearerkit {

struct JsonScan {
  // The members of these names, the last one of each (D4).
  OptionalSeconds exp, nbf, iat;
  bool ascii = true;
};

// So many bytes behind the text are overwritten while it is read, and put back.
inline constexpr std::size_t kScanRoom = 8;

// True only for what read_json_object takes, with times that are numbers: they and `ascii` are then
// told. False for all that it refuses, and for what a token seldom has: exponents, very long
// numbers, a name with an escape, a time claim that is no number even if another of its name comes
// later.
bool scan_json_object(char* text, std::size_t size, JsonScan& scan);

}  // namespace bearerkit
