// B7: any bytes are taken. A field that was put together as RFC 9110 §11.6.1 writes them gives the
// meaning that it was given (B6), whatever its order, letter case, quoting and white space. A
// Bearer challenge that says invalid_token is seen whatever comes behind it. B3: what is_sendable
// takes has no byte that a field could not hold.
#include <cctype>
#include <cmath>
#include <set>

#include "formats/bearer_challenge.h"
#include "formats/core_limits.h"
#include "fuzz.h"

using namespace bearerkit;
using bearerkit::fuzz::require;

namespace {

// RFC 5234's VCHAR, and nothing but.
bool is_visible(std::string_view text) {
  bool visible = !text.empty();
  for (const char c : text) visible = visible && std::isgraph(static_cast<unsigned char>(c)) != 0;
  return visible;
}

// Writes a field of challenges by the bytes of the input, and knows what it says.
class Writer {
 public:
  explicit Writer(std::string_view choices) : choices_(choices) {}

  std::string field;
  StepUp step_up;  // what the first challenge that asks for it asks for

  ChallengeMeaning write() {
    while (!choices_.empty()) challenge();
    const auto said = [this](std::string_view error) { return errors_.count(error) > 0; };
    if (said("invalid_token")) return ChallengeMeaning::refreshable;
    if (said("insufficient_user_authentication")) return ChallengeMeaning::step_up;
    if (said("insufficient_scope")) return ChallengeMeaning::insufficient_scope;
    if (said("invalid_request") || said("insufficient_claims")) {
      return ChallengeMeaning::not_refreshable;
    }
    if (bearer_) return ChallengeMeaning::refreshable;
    return field.empty() ? ChallengeMeaning::absent : ChallengeMeaning::not_refreshable;
  }

 private:
  std::uint8_t choose() {
    if (choices_.empty()) return 0;
    const char choice = choices_.front();
    choices_.remove_prefix(1);
    return static_cast<std::uint8_t>(choice);
  }

  void in_any_case(std::string_view word) {
    const std::uint8_t upper = choose();
    for (std::size_t i = 0; i < word.size(); i++) {
      const bool letter = word[i] >= 'a' && word[i] <= 'z';
      field += letter && (upper >> i % 8 & 1) != 0 ? static_cast<char>(word[i] - 32) : word[i];
    }
  }

  void challenge() {
    constexpr std::string_view kSchemes[] = {"bearer", "basic", "dpop", "bearers", "negotiate"};
    constexpr std::string_view kCommas[] = {", ", ",", " ,\t", ", ,, "};
    if (!field.empty()) field += kCommas[choose() % 4];
    const std::uint8_t choice = choose();
    const std::string_view scheme = kSchemes[choice % 5];
    in_any_case(scheme);
    bearer_ = bearer_ || scheme == "bearer";
    if (choice >= 200) {  // token68
      field += ' ';
      for (int i = choose() % 8; i >= 0; i--) field += "aZ0-._~+/"[choose() % 9];
      field.append(choice % 3, '=');
      return;
    }
    for (int i = 0; i < choice / 32; i++) {
      field += i == 0 ? std::string_view("  ").substr(choice & 1) : kCommas[choose() % 4];
      parameter(scheme == "bearer");
    }
    if (asks_ && !asked_) step_up = here_;
    asked_ = asked_ || asks_;
    asks_ = false;
    here_ = StepUp{};
  }

  void parameter(bool in_bearer) {
    constexpr std::string_view kNames[] = {"error", "max_age", "acr_values", "scope"};
    constexpr std::string_view kValues[] = {"invalid_token",
                                            "insufficient_scope",
                                            "insufficient_user_authentication",
                                            "insufficient_claims",
                                            "invalid_request",
                                            "Invalid_Token",
                                            "3600",
                                            "caf\xc3\xa9",
                                            "a,b error=invalid_token\" x"};
    constexpr std::string_view kEquals[] = {"=", " =", "= ", "\t=  "};
    const std::uint8_t choice = choose();
    const std::string_view name = kNames[choice % 4];
    const std::string_view value = kValues[choose() % 9];
    in_any_case(name);
    field += kEquals[choice / 4 % 4];
    const bool is_token = value.find(' ') == std::string_view::npos && value[0] != 'c';
    if (is_token && (choice & 64) != 0) {
      field += value;
    } else {
      quoted(value);
    }
    if (!in_bearer) return;
    if (name == "error") {
      errors_.insert(value);
      asks_ = asks_ || value == "insufficient_user_authentication";
    } else if (name == "max_age") {
      if (value[0] != 'c') here_.max_age.seconds = value == "3600" ? 3600 : NAN;
    } else if (value[0] != 'c') {  // é is not told
      (name == "scope" ? here_.scope : here_.acr_values) = Text(value);
    }
  }

  // RFC 9110 §5.6.4: any character may have a backslash, a quote or backslash must.
  void quoted(std::string_view value) {
    const std::uint8_t escaped = choose();
    field += '"';
    for (std::size_t i = 0; i < value.size(); i++) {
      if (value[i] == '"' || (escaped >> i % 8 & 1) != 0) field += '\\';
      field += value[i];
    }
    field += '"';
  }

  std::string_view choices_;
  std::set<std::string_view> errors_;  // of Bearer challenges
  bool bearer_ = false;
  bool asked_ = false;
  bool asks_ = false;  // the challenge that is being written
  StepUp here_;
};

bool same(const StepUp& one, const StepUp& other) {
  const bool same_age = one.max_age.has_value() ? one.max_age.seconds == other.max_age.seconds
                                                : !other.max_age.has_value();
  return same_age && one.acr_values == other.acr_values && one.scope == other.scope;
}

// Whatever the field is: what is told is short, printable, and asked for.
void check_step_up(std::string_view field, ChallengeMeaning meaning) {
  const StepUp step_up = read_step_up(field);
  for (const std::string_view text : {step_up.acr_values.view(), step_up.scope.view()}) {
    require(text.size() <= limits::kMaxStepUpBytes);
    for (const char c : text) require(std::isprint(static_cast<unsigned char>(c)) != 0);
  }
  require(!step_up.max_age.has_value() || step_up.max_age.seconds >= 0);
  require(meaning == ChallengeMeaning::step_up || same(step_up, StepUp{}));
}

bool names_bearer(std::string_view field) {
  std::string lower;
  for (const char c : field)
    lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower.find("bearer") != std::string::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Text text = fuzz::read_text(data, size, 2 * limits::kMaxChallengeBytes);
  const std::string_view field = text;
  const ChallengeMeaning meaning = read_challenge(field);
  require(meaning <= ChallengeMeaning::not_refreshable);
  const std::string_view seen = field.substr(0, limits::kMaxChallengeBytes);
  const bool blank = seen.find_first_not_of(" \t,") == field.npos;
  require(!blank || meaning == ChallengeMeaning::absent);
  require(names_bearer(seen) || meaning == ChallengeMeaning::absent ||
          meaning == ChallengeMeaning::not_refreshable);
  check_step_up(field, meaning);
  // What stands behind the limit is not looked at.
  require(read_challenge(fuzz::Text(field.substr(0, limits::kMaxChallengeBytes))) == meaning);
  const std::size_t begin = std::min(field.find_first_not_of(','), field.size());
  if (field.substr(begin) == "Bearer error=insufficient_scope") {
    const bool inside = field.size() <= limits::kMaxChallengeBytes;
    require((meaning == ChallengeMeaning::insufficient_scope) == inside);
  }
  const std::string first =
      "Bearer error=\"invalid_token\", Basic realm=\"x\", " + std::string(field);
  require(read_challenge(first) == ChallengeMeaning::refreshable);

  Writer writer(field.substr(0, 256));
  const ChallengeMeaning written = writer.write();
  require(read_challenge(fuzz::Text(writer.field)) == written);
  const StepUp expected = written == ChallengeMeaning::step_up ? writer.step_up : StepUp{};
  require(same(read_step_up(fuzz::Text(writer.field)), expected));
  require(is_sendable(field) == is_visible(field));
  return 0;
}
