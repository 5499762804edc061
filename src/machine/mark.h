// X11: which tokens a tab has, told in the name of a lock that it holds. The lock manager puts that
// in order with the turns of all tabs, which neither a message nor a storage does: who gets the
// turn sees the marks of all who had it before.
#pragma once

#include <cstdint>
#include <string_view>

#include "formats/text.h"
#include "machine/milliseconds.h"

namespace bearerkit {

struct Mark {
  std::uint64_t session = 0;
  std::uint32_t generation = 0;
  Milliseconds deadline = kNever;  // of the access token
};

// 48 hexadecimal digits.
Text write_mark(const Mark& mark);
// Takes the next mark off the front of `marks`, which are parted by a blank; false: there is none.
// What is no mark is of session 0.
bool take_mark(std::string_view& marks, Mark& mark);

}  // namespace bearerkit
