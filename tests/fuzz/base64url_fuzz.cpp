// D2: what is decoded encodes to the very text again (so no two texts mean the same bytes), what is
// encoded decodes, in place too, and an error names a place inside the text.
#include "base64url.h"
#include "fuzz.h"

using namespace bearerkit;
using bearerkit::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  std::string out(base64url_decoded_size(size), '\0');
  const Result<std::size_t> decoded = base64url_decode(text, out.data());
  std::string in_place(text);
  const Result<std::size_t> again = base64url_decode(in_place, in_place.data());
  require(again.ok() == decoded.ok());
  if (decoded.ok()) {
    require(*decoded <= out.size() && *decoded == *again);
    out.resize(*decoded);
    require(out == in_place.substr(0, *again));
    require(fuzz::base64url_encode(out) == text);
  } else {
    require(decoded.error().code == ErrorCode::invalid_base64url);
    require(decoded.error().offset <= size && decoded.error().offset == again.error().offset);
  }
  // Any bytes, there and back.
  const std::string encoded = fuzz::base64url_encode(text);
  std::string back(base64url_decoded_size(encoded.size()), '\0');
  const Result<std::size_t> length = base64url_decode(encoded, back.data());
  require(length.ok() && back.substr(0, *length) == text);
  return 0;
}
