// R4, R6: an answer is taken only with tokens that may be sent and a sane lifetime; what must not
// end a session (R8) never does, whatever the body says.
#include <cmath>

#include "bearer_challenge.h"
#include "fuzz.h"
#include "token_response.h"

using namespace bearerkit;
using bearerkit::fuzz::require;

namespace {

void read(std::string_view json) {
  const Result<TokenResponse> strict = read_token_response(json, true);
  const Result<TokenResponse> loose = read_token_response(json, false);
  if (strict.ok()) {
    require(is_b64token(strict->access_token) && loose.ok());
    require(loose->access_token == strict->access_token &&
            loose->refresh_token == strict->refresh_token && loose->dialect == strict->dialect);
  }
  if (!loose.ok()) {
    require(loose.error().offset <= json.size());
    return;
  }
  require(loose->access_token.empty() || is_b64token(loose->access_token));
  const OptionalSeconds expires_in = loose->expires_in;
  require(!expires_in.has_value() ||
          (std::isfinite(expires_in.seconds) && expires_in.seconds >= 0));
}

void classify(std::string_view body) {
  for (const std::uint32_t status :
       {0U, 200U, 302U, 400U, 401U, 403U, 404U, 408U, 425U, 429U, 500U, 502U, 503U, 504U}) {
    const RefreshFailure failure = classify_refresh_failure(status, body);
    const bool never_terminal =
        status < 400 || status >= 500 || status == 408 || status == 425 || status == 429;
    require(!never_terminal || failure == RefreshFailure::transient);
  }
  const bool page = !body.empty() && body.front() == '<';
  require(!page || classify_refresh_failure(401, body) == RefreshFailure::transient);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  read(text);
  classify(text);
  return 0;
}
