// JSON by nlohmann/json, which nobody else knows: by its SAX interface, which neither throws nor
// traps.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "formats/error.h"

namespace bearerkit {

enum class JsonType : std::uint8_t { null, boolean, number, string, array, object };

// A member of the outermost object. `text` is set for strings (UTF-8), `number` for numbers,
// `number != 0` tells a boolean's value. Nested values are checked but not kept.
// The views hold for the call only.
struct JsonMember {
  std::string_view name;
  JsonType type = JsonType::null;
  std::string_view text;
  double number = 0;
  std::uint32_t offset = 0;  // of the value's first byte, in the whole text
};

// Receives the members of the outermost object in their order, with duplicates. Let the last one
// win, as JSON.parse does (D4). If the text turns out to be wrong later, the members received
// until then are void.
class JsonMemberVisitor {
 public:
  virtual void member(const JsonMember& member) = 0;

 protected:
  ~JsonMemberVisitor() = default;
};

// Reads one JSON object (RFC 8259): no BOM, and only white space around it. It accepts every object
// that JSON.parse accepts, except for ill-formed UTF-8, deep nesting, and numbers that JSON.parse
// makes Infinity. The caller limits the length. A lone surrogate (a \u escape that has no UTF-8) is
// given as U+FFFD, in names too. Errors, each with the offset of a byte in `text`:
// - invalid_utf8: the first byte of the first ill-formed sequence;
// - invalid_json: the byte where reading stopped: it cannot stand there, or it is the last byte of
// a
//   word, string or number that cannot; text.size() if the text ends too early;
// - too_deep (limits::kMaxJsonDepth): the bracket that is one too many;
// - number_out_of_range: the first byte of a number beyond a double, also a nested one;
// - not_an_object: valid JSON of another type; its first byte.
// invalid_utf8 comes before all others, not_an_object after them; of the other three the leftmost.
Error read_json_object(std::string_view text, JsonMemberVisitor& visitor);

}  // namespace bearerkit
