// The members of a JSON object as the reader tells them, kept to be compared.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "formats/json_reader.h"

namespace bearerkit::fuzz {

class Members final : public JsonMemberVisitor {
 public:
  struct Value {
    JsonType type = JsonType::null;
    std::string text;
    double number = 0;
    std::uint32_t offset = 0;
  };

  void member(const JsonMember& member) override {
    names.emplace_back(member.name);
    last[names.back()] = {member.type, std::string(member.text), member.number, member.offset};
  }

  // The last one of this name (D4), or nullptr.
  const Value* find(const std::string& name) const {
    const auto found = last.find(name);
    return found == last.end() ? nullptr : &found->second;
  }

  std::vector<std::string> names;  // in their order, those that come twice too
  std::map<std::string, Value> last;
};

}  // namespace bearerkit::fuzz
