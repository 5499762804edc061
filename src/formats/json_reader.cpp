#include "formats/json_reader.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "formats/core_limits.h"
#include "formats/decimal.h"
#include "formats/json_lexer.h"
#include "formats/utf8.h"

namespace bearerkit {
namespace {

// nlohmann's SAX events. To answer false ends the parse.
class Events {
 public:
  Events(JsonInput& input, JsonMemberVisitor& visitor) : input_(input), visitor_(visitor) {}

  Error error;

  bool null() { return value(JsonType::null); }
  bool boolean(bool value_is) { return value(JsonType::boolean, {}, value_is ? 1 : 0); }
  bool number_integer(Json::number_integer_t /*value*/) { return number(); }
  bool number_unsigned(Json::number_unsigned_t /*value*/) { return number(); }
  // The lexer says this of each number (json_lexer.h).
  bool number_float(double /*value*/, const Text& /*text*/) { return number(); }
  bool string(Text& text) { return value(JsonType::string, text); }
  bool binary(Json::binary_t& /*value*/) { return false; }  // not in JSON

  bool key(Text& name) {
    if (depth_ == 1) {
      name_ = name;
      name_end_ = input_.last() + 1;
    }
    return true;
  }
  bool start_object(std::size_t /*size*/) { return start(JsonType::object); }
  bool start_array(std::size_t /*size*/) { return start(JsonType::array); }
  bool end_object() { return end(); }
  bool end_array() { return end(); }

  // `position` counts the bytes up to the one where the lexer stopped, that one included.
  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const Json::exception& /*exception*/) {
    return fail(ErrorCode::invalid_json, std::min(position - 1, input_.size()));
  }

 private:
  bool fail(ErrorCode code, std::size_t offset) {
    error = Error{code, TokenPart::none, static_cast<std::uint32_t>(offset)};
    return false;
  }

  bool value(JsonType type, std::string_view text = {}, double number = 0) {
    if (depth_ == 1 && in_object_) {
      const auto offset = static_cast<std::uint32_t>(input_.value_from(name_end_));
      visitor_.member(JsonMember{name_, type, text, number, offset});
    }
    return true;
  }

  // Called with the character after the number read, too: only that tells that it has ended.
  bool number() {
    const std::string_view text = input_.number_before(input_.last());
    const double number = read_decimal(text);
    if (!std::isfinite(number)) {
      return fail(ErrorCode::number_out_of_range, input_.offset_of(text));
    }
    return value(JsonType::number, {}, number);
  }

  bool start(JsonType type) {
    if (depth_ == limits::kMaxJsonDepth) return fail(ErrorCode::too_deep, input_.last());
    if (depth_ == 0) in_object_ = type == JsonType::object;
    value(type);
    depth_++;
    return true;
  }

  bool end() {
    depth_--;
    return true;
  }

  JsonInput& input_;
  JsonMemberVisitor& visitor_;
  std::size_t depth_ = 0;
  bool in_object_ = false;  // the outermost value is an object
  Text name_;
  std::size_t name_end_ = 0;
};

Error error_at(ErrorCode code, std::size_t offset) {
  return Error{code, TokenPart::none, static_cast<std::uint32_t>(offset)};
}

}  // namespace

Error read_json_object(std::string_view json, JsonMemberVisitor& visitor) {
  if (const std::size_t at = find_invalid_utf8(json); at < json.size()) {
    return error_at(ErrorCode::invalid_utf8, at);
  }
  // A byte order mark, which RFC 8259 §8.1 lets a reader refuse, or what begins as one:
  // well-formed, it has three bytes.
  if (json.starts_with('\xEF')) {
    const std::size_t same = json[1] != '\xBB' ? 1 : json[2] != '\xBF' ? 2 : 0;
    return error_at(ErrorCode::invalid_json, same);
  }

  JsonInput input(json);
  Events events(input, visitor);
  if (!JsonParser(JsonAdapter(input), nullptr, false).sax_parse(&events)) {
    return events.error ? events.error : error_at(ErrorCode::invalid_json, 0);
  }
  // nlohmann's lexer takes a NUL for the end of the text. In valid JSON there is none.
  if (const std::size_t at = json.find('\0'); at != std::string_view::npos) {
    return error_at(ErrorCode::invalid_json, at);
  }
  const std::size_t first = input.value_from(0);
  if (json[first] != '{') return error_at(ErrorCode::not_an_object, first);
  return {};
}

}  // namespace bearerkit
