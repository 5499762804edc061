// The only file pair that knows nlohmann/json: its SAX interface, which neither throws nor traps.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "error.h"

namespace bearerkit {

enum class JsonType : std::uint8_t { null, boolean, number, string, array, object };

// A member of the outermost object. `text` is set for strings (UTF-8), `number` for numbers,
// `number != 0` tells a boolean's value. Nested values are checked but not kept.
struct JsonMember {
  std::string_view name;
  JsonType type = JsonType::null;
  std::string_view text;
  double number = 0;
};

// Receives the members of the outermost object in their order, duplicates included (D4: whoever
// takes the last wins, as JSON.parse does).
class JsonMemberVisitor {
 public:
  virtual void member(const JsonMember& member) = 0;

 protected:
  ~JsonMemberVisitor() = default;
};

// Reads one UTF-8 JSON object (RFC 8259) from its first to its last byte: no BOM, nothing but white
// space around it. Errors: invalid_utf8, invalid_json, not_an_object, too_deep
// (limits::kMaxJsonDepth), number_out_of_range; the offset is a byte of `json`.
// Lone surrogates as \u escapes are refused (invalid_json), which JSON.parse would take: no issuer writes them, and they have no UTF-8.
Error read_json_object(std::string_view json, JsonMemberVisitor& visitor);

}  // namespace bearerkit
