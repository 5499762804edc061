// The SAX reader of ours against nlohmann's DOM parser and the definitions: they take the same
// texts, U+FFFD put in the place of lone surrogates, with the same members (D4: the last of two of
// one name), strings, numbers and places; what ours alone refuses is refused for its reason and
// where it stands (D3, D6, E2).
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "formats/json_reader.h"
#include "fuzz.h"
#include "json_definition.h"
#include "members.h"

using namespace bearerkit;
using bearerkit::fuzz::Members;
using bearerkit::fuzz::require;

namespace {

bool is_json(std::string_view text) { return nlohmann::json::accept(text.begin(), text.end()); }

// Whether a value may stand where the excess does: then it is the first error from the left.
bool is_error(const fuzz::Excess& excess, std::string_view text) {
  return is_json(std::string(text.substr(0, excess.at)) + " 0" + excess.closing);
}

JsonType type_of(const nlohmann::json& value) {
  if (value.is_null()) return JsonType::null;
  if (value.is_boolean()) return JsonType::boolean;
  if (value.is_number()) return JsonType::number;
  if (value.is_string()) return JsonType::string;
  return value.is_array() ? JsonType::array : JsonType::object;
}

// decimal.h: the nearest double for so many digits and powers of ten, else a few units away.
bool is_exact(std::string_view number) {
  const std::size_t e = std::min(number.find_first_of("eE"), number.size());
  const std::string_view digits = number.substr(0, e);
  const std::size_t point = std::min(digits.find('.'), digits.size());
  const double power = e < number.size() ? fuzz::to_double(number.substr(e + 1)) : 0;
  const double decimals =
      point < digits.size() ? static_cast<double>(digits.size() - point - 1) : 0;
  return digits.size() <= 15 && std::abs(power - decimals) <= 22 && std::abs(power) <= 22;
}

void compare_number(std::string_view text, const Members::Value& ours) {
  const std::string_view number = fuzz::number_at(text, ours.offset);
  const double right = fuzz::to_double(number);
  const double allowed = is_exact(number) ? 0 : std::max(std::abs(right) * 1e-14, 1e-300);
  require(!number.empty() && std::abs(ours.number - right) <= allowed);
}

void compare(std::string_view text, const nlohmann::json& theirs, const Members::Value& ours) {
  const JsonType type = type_of(theirs);
  require(type == ours.type);
  constexpr std::string_view kFirst[] = {"n", "tf", "-0123456789", "\"", "[", "{"};
  const std::string_view first = kFirst[static_cast<std::size_t>(type)];
  require(first.find(text[ours.offset]) != std::string_view::npos);
  if (type == JsonType::string) require(theirs.get<std::string>() == ours.text);
  if (type == JsonType::boolean) require(theirs.get<bool>() == (ours.number != 0));
  if (type == JsonType::number) compare_number(text, ours);
}

// Where nlohmann's own lexer stops, of which ours has other members (json_lexer.h).
class Stop final : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::size_t at = 0;

  bool null() override { return true; }
  bool boolean(bool /*value*/) override { return true; }
  bool number_integer(number_integer_t /*value*/) override { return true; }
  bool number_unsigned(number_unsigned_t /*value*/) override { return true; }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override { return true; }
  bool string(string_t& /*value*/) override { return true; }
  bool binary(binary_t& /*value*/) override { return true; }
  bool start_object(std::size_t /*size*/) override { return true; }
  bool key(string_t& /*name*/) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t /*size*/) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::json::exception& /*exception*/) override {
    at = position - 1;
    return false;
  }
};

std::size_t stop_of(std::string_view text) {
  Stop stop;
  nlohmann::json::sax_parse(text.begin(), text.end(), &stop);
  return std::min(stop.at, text.size());
}

void require_error(const Error& error, ErrorCode code, std::size_t offset) {
  require(error.code == code && error.offset == offset);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Text input = fuzz::read_text(data, size, 8192);
  Members members;
  const Error error = read_json_object(input, members);
  const std::string text = fuzz::without_lone_surrogates(input);
  require(error.offset <= text.size());

  if (const std::size_t at = fuzz::first_ill_formed(text); at < text.size()) {
    require_error(error, ErrorCode::invalid_utf8, at);
    return 0;
  }
  // What nlohmann takes and RFC 8259 does not: a byte order mark, and all behind a NUL.
  if (text.starts_with("\xef\xbb\xbf")) {
    require_error(error, ErrorCode::invalid_json, 0);
    return 0;
  }
  const std::size_t nul = text.find('\0');
  const auto excess = fuzz::first_excess(std::string_view(text).substr(0, nul));
  if (excess && excess->code == ErrorCode::none) return 0;
  if (excess && is_error(*excess, text)) {
    require_error(error, excess->code, excess->at);
    return 0;
  }
  const nlohmann::json theirs = nlohmann::json::parse(text.begin(), text.end(), nullptr, false);
  if (theirs.is_discarded() || nul != std::string::npos) {
    require(error.code == ErrorCode::invalid_json);
    require(nul != std::string::npos || error.offset == stop_of(text));
    return 0;
  }
  if (!theirs.is_object()) {
    require_error(error, ErrorCode::not_an_object, text.find_first_not_of(" \t\r\n"));
    return 0;
  }
  require(!error && theirs.size() == members.last.size());
  for (const auto& [name, value] : theirs.items()) {
    const Members::Value* ours = members.find(name);
    require(ours != nullptr);
    compare(text, value, *ours);
  }
  return 0;
}
