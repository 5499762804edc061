// The SAX reader of ours against nlohmann's DOM parser: they take the same texts (but for the
// limits and RFC 8259 details that ours is stricter about), with the same members (D4: the last of
// two of one name), strings and numbers.
#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "core_limits.h"
#include "fuzz.h"
#include "json_reader.h"

using namespace bearerkit;
using bearerkit::fuzz::require;

namespace {

struct Value {
  JsonType type;
  std::string text;
  double number;
};

class Members : public JsonMemberVisitor {
 public:
  void member(const JsonMember& member) override {
    last[std::string(member.name)] = {member.type, std::string(member.text), member.number};
  }
  std::map<std::string, Value> last;
};

JsonType type_of(const nlohmann::json& value) {
  if (value.is_null()) return JsonType::null;
  if (value.is_boolean()) return JsonType::boolean;
  if (value.is_number()) return JsonType::number;
  if (value.is_string()) return JsonType::string;
  return value.is_array() ? JsonType::array : JsonType::object;
}

void compare(const nlohmann::json& theirs, const Value& ours) {
  require(type_of(theirs) == ours.type);
  if (theirs.is_string()) require(theirs.get<std::string>() == ours.text);
  if (theirs.is_boolean()) require(theirs.get<bool>() == (ours.number != 0));
  if (theirs.is_number()) {
    const double number = theirs.get<double>();
    // decimal.h: beyond 15 digits and 22 powers of ten, right to a few units in the last place.
    const double allowed = std::max(std::abs(number) * 1e-14, 1e-300);
    require(std::abs(ours.number - number) <= allowed);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(fuzz::text_of(data, size));
  Members members;
  const Error error = read_json_object(text, members);
  require(error.offset <= size);

  // What nlohmann takes and RFC 8259 does not: a byte order mark, and all behind a NUL.
  if (text.find('\0') != std::string::npos || text.compare(0, 3, "\xef\xbb\xbf") == 0) {
    require(static_cast<bool>(error));
    return 0;
  }
  const nlohmann::json theirs = nlohmann::json::parse(text.begin(), text.end(), nullptr, false);
  if (error) {
    const bool limit =
        error.code == ErrorCode::too_deep || error.code == ErrorCode::number_out_of_range;
    require(theirs.is_discarded() || !theirs.is_object() || limit);
    if (error.code == ErrorCode::not_an_object) require(!theirs.is_discarded());
    return 0;
  }
  require(theirs.is_object() && theirs.size() == members.last.size());
  for (const auto& [name, value] : theirs.items()) {
    const auto found = members.last.find(name);
    require(found != members.last.end());
    compare(value, found->second);
  }
  return 0;
}
