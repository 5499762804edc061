// The only file pair that knows nlohmann/json: its SAX interface, which neither throws nor traps.
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

// Receives the members of the outermost object in their order, duplicates included (D4: whoever
// takes the last wins, as JSON.parse does). When an error is found later on, some members have
// been received already: they are void.
class JsonMemberVisitor {
 public:
  virtual void member(const JsonMember& member) = 0;

 protected:
  ~JsonMemberVisitor() = default;
};

// Reads one JSON object (RFC 8259) from its first to its last byte: no BOM, nothing but white space
// around it. It takes what JSON.parse takes and is an object, but for what the errors below name:
// ill-formed UTF-8, deep nesting, and numbers that JSON.parse makes Infinity. How long a text may
// be is the caller's to say. A lone surrogate as a \u escape, which has no UTF-8, is told as
// U+FFFD, in names too: names that differ in nothing else are told as one name. Errors, the first
// of these that applies, with the offset of a byte of `text`:
// - invalid_utf8: of the first byte of the first ill-formed sequence;
// - invalid_json: of the byte that reading stopped at: one that cannot stand there, or the last
//   byte of a word, string or number that cannot; text.size() where the text ends too early;
// - too_deep (limits::kMaxJsonDepth): of the bracket that is one too many;
// - number_out_of_range: of the first byte of a number beyond a double, nested ones included;
// - not_an_object: valid JSON, but another type; of its first byte.
// The middle three are what a reader from left to right comes across first.
Error read_json_object(std::string_view text, JsonMemberVisitor& visitor);

}  // namespace bearerkit
