// B7: any bytes are taken. A field that was put together as RFC 9110 §11.6.1 writes them gives the
// verdict that it was given (B6), whatever its order, letter case, quoting and white space. A
// Bearer challenge that says invalid_token is seen whatever comes behind it. B3: what is_sendable
// takes has no byte that a field could not hold.
#include <cctype>

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

  ChallengeVerdict write() {
    while (!choices_.empty()) challenge();
    if (invalid_token_) return ChallengeVerdict::invalid_token;
    if (insufficient_scope_) return ChallengeVerdict::insufficient_scope;
    return field.empty() ? ChallengeVerdict::absent : ChallengeVerdict::other;
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
  }

  void parameter(bool in_bearer) {
    constexpr std::string_view kNames[] = {"error", "realm", "error_description", "scope"};
    constexpr std::string_view kValues[] = {"invalid_token", "insufficient_scope",
                                            "invalid_request", "Invalid_Token",
                                            "a,b error=invalid_token\" x"};
    constexpr std::string_view kEquals[] = {"=", " =", "= ", "\t=  "};
    const std::uint8_t choice = choose();
    const std::string_view name = kNames[choice % 4];
    const std::string_view value = kValues[choose() % 5];
    in_any_case(name);
    field += kEquals[choice / 4 % 4];
    const bool is_token = value.find(' ') == std::string_view::npos;
    if (is_token && (choice & 64) != 0) {
      field += value;
    } else {
      quoted(value);
    }
    if (!in_bearer || name != "error") return;
    invalid_token_ = invalid_token_ || value == "invalid_token";
    insufficient_scope_ = insufficient_scope_ || value == "insufficient_scope";
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
  bool invalid_token_ = false;
  bool insufficient_scope_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Text text = fuzz::read_text(data, size, 2 * limits::kMaxChallengeBytes);
  const std::string_view field = text;
  const ChallengeVerdict verdict = read_challenge(field);
  require(verdict <= ChallengeVerdict::other);
  require((verdict == ChallengeVerdict::absent) ==
          (field.substr(0, limits::kMaxChallengeBytes).find_first_not_of(" \t,") == field.npos));
  // What stands behind the limit is not looked at.
  require(read_challenge(fuzz::Text(field.substr(0, limits::kMaxChallengeBytes))) == verdict);
  const std::size_t begin = std::min(field.find_first_not_of(','), field.size());
  if (field.substr(begin) == "Bearer error=invalid_token") {
    const bool inside = field.size() <= limits::kMaxChallengeBytes;
    require((verdict == ChallengeVerdict::invalid_token) == inside);
  }
  const std::string first =
      "Bearer error=\"invalid_token\", Basic realm=\"x\", " + std::string(field);
  require(read_challenge(first) == ChallengeVerdict::invalid_token);

  Writer writer(field.substr(0, 256));
  const ChallengeVerdict written = writer.write();
  require(read_challenge(fuzz::Text(writer.field)) == written);
  require(is_sendable(field) == is_visible(field));
  return 0;
}
