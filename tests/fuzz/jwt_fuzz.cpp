// D1–D8: no input crashes or is read past its end; the three ways to read a token agree; a token
// that was put together from two JSON texts gives these very texts.
#include "fuzz.h"
#include "jwt.h"

using namespace bearerkit;
using bearerkit::fuzz::require;

namespace {

bool same(OptionalSeconds a, OptionalSeconds b) {
  return a.has_value() == b.has_value() && (!a.has_value() || a.seconds == b.seconds);
}

void read(std::string_view token) {
  DecodedJwt jwt;
  const Error error = decode_jwt(token, jwt);
  const Result<std::string> header = decode_protected_header(token);
  const Result<TimeClaims> times = decode_time_claims(token);
  if (error) {
    require(error.offset <= token.size());
    // Either reader looks at less of the token: it may like what decode_jwt does not, but an error
    // of its part is the same one, unless an earlier part had one.
    if (error.part == TokenPart::header) {
      require(!header.ok() && header.error().code == error.code &&
              header.error().offset == error.offset);
    }
    if (error.part == TokenPart::payload) {
      require(!times.ok() && times.error().code == error.code &&
              times.error().offset == error.offset);
    }
    return;
  }
  require(header.ok() && *header == jwt.header);
  require(times.ok() && same(times->exp, jwt.times.exp) && same(times->nbf, jwt.times.nbf) &&
          same(times->iat, jwt.times.iat));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = fuzz::text_of(data, size);
  read(rest);
  // header | payload | signature: past the outer form at once.
  const std::string_view header = fuzz::take_until(rest, '|');
  const std::string_view payload = fuzz::take_until(rest, '|');
  const std::string token = fuzz::base64url_encode(header) + '.' + fuzz::base64url_encode(payload) +
                            '.' + fuzz::base64url_encode(rest);
  read(token);
  DecodedJwt jwt;
  if (!decode_jwt(token, jwt)) {
    require(jwt.header == header && jwt.payload == payload && jwt.signature_bytes == rest.size());
  }
  return 0;
}
