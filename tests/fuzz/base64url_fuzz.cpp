// D2: taken is what the definition writes and nothing else (so no two texts mean the same bytes),
// in place too; an error names the first character that is at fault; what is encoded decodes.
#include <algorithm>

#include "formats/base64url.h"
#include "fuzz.h"

using namespace bearerkit;
using bearerkit::fuzz::require;

namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// The first character that cannot be, or the text's size.
std::size_t first_at_fault(std::string_view text) {
  const std::size_t foreign = text.find_first_not_of(kAlphabet);
  if (foreign != std::string_view::npos) return foreign;
  // The bits that are left in the last character: they make no byte, and must be zero.
  constexpr std::size_t kUnused[] = {0, 64, 16, 4};
  const std::size_t unused = kUnused[text.size() % 4];
  if (unused == 0) return text.size();
  const bool fits = unused < 64 && kAlphabet.find(text.back()) % unused == 0;
  return fits ? text.size() : text.size() - 1;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  std::vector<char> out(base64url_decoded_size(size));
  const Result<std::size_t> decoded = base64url_decode(text, out.data());
  std::vector<char> in_place(text.begin(), text.end());
  const Result<std::size_t> again =
      base64url_decode({in_place.data(), in_place.size()}, in_place.data());
  require(again.ok() == decoded.ok() && again.error().offset == decoded.error().offset);
  const std::size_t fault = first_at_fault(text);
  if (fault < size) {
    require(decoded.error().code == ErrorCode::invalid_base64url);
    require(decoded.error().offset == fault);
  } else {
    require(decoded.ok() && *decoded == out.size() && *again == *decoded);
    require(std::equal(out.begin(), out.end(), in_place.begin()));
    require(fuzz::base64url_encode({out.data(), out.size()}) == text);
  }
  // Any bytes, there and back.
  const fuzz::Text encoded(fuzz::base64url_encode(text));
  std::vector<char> back(base64url_decoded_size(std::string_view(encoded).size()));
  const Result<std::size_t> length = base64url_decode(encoded, back.data());
  require(length.ok() && *length == size && std::equal(back.begin(), back.end(), text.begin()));
  return 0;
}
