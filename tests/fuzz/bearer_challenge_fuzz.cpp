// B7: any bytes are taken. A Bearer challenge that says invalid_token is seen whatever comes behind
// it, and before a field that ended properly; B3: is_b64token is what RFC 6750 §2.1 writes.
#include "bearer_challenge.h"
#include "core_limits.h"
#include "fuzz.h"

using namespace bearerkit;
using bearerkit::fuzz::require;

namespace {

bool is_b64token_by_definition(std::string_view token) {
  const std::size_t padding = token.find('=');
  const std::string_view body = token.substr(0, padding);
  if (body.empty()) return false;
  constexpr std::string_view kOthers = "-._~+/";
  for (const char c : body) {
    const bool alphanumeric =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!alphanumeric && kOthers.find(c) == std::string_view::npos) return false;
  }
  return padding == std::string_view::npos ||
         token.find_first_not_of('=', padding) == std::string_view::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view field = fuzz::text_of(data, size);
  const ChallengeVerdict verdict = read_challenge(field);
  require(verdict <= ChallengeVerdict::other);
  require(read_challenge(field) == verdict);
  if (size + 64 < limits::kMaxChallengeBytes) {
    const std::string first =
        "Bearer error=\"invalid_token\", Basic realm=\"x\", " + std::string(field);
    require(read_challenge(first) == ChallengeVerdict::invalid_token);
  }
  require(is_b64token(field) == is_b64token_by_definition(field));
  return 0;
}
