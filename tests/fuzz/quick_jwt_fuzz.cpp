// D1–D7, E2: the quick way to read a token says yes only where the slow one does, and tells the
// same; nothing is read or written past the room that it is given, and what stands there is put
// back. So that it is not easily no: of JSON without what json_scanner.h names it takes all.
#include <algorithm>
#include <cmath>

#include "formats/jwt.h"
#include "formats/quick_jwt.h"
#include "fuzz.h"
#include "members.h"

using namespace bearerkit;
using bearerkit::fuzz::Members;
using bearerkit::fuzz::require;

namespace {

bool same(OptionalSeconds a, OptionalSeconds b) {
  return a.has_value() == b.has_value() &&
         (!a.has_value() ||
          (a.seconds == b.seconds && std::signbit(a.seconds) == std::signbit(b.seconds)));
}

// Of a time claim the value, if it is a number: `good` comes to be false if it is none.
OptionalSeconds time_of(const Members& members, const std::string& name, bool& good) {
  const Members::Value* value = members.find(name);
  if (value == nullptr) return {};
  good = good && value->type == JsonType::number;
  return {value->number};
}

// Neither an escape, an exponent (or a letter that could be one), a long number, nor a time of
// another type, even if it comes to be overridden.
bool is_plain(std::string_view text, const Members& members) {
  if (text.find('\\') != std::string_view::npos) return false;
  std::size_t digits = 0;
  for (std::size_t i = 0; i < text.size(); i++) {
    digits = text[i] >= '0' && text[i] <= '9' ? digits + 1 : 0;
    if (digits > 15) return false;
    if (digits > 0 && i + 1 < text.size() && (text[i + 1] | 0x20) == 'e') return false;
  }
  const auto count = [&](const char* name) {
    return std::count(members.names.begin(), members.names.end(), name);
  };
  return count("exp") < 2 && count("nbf") < 2 && count("iat") < 2;
}

// The text in a block of just its size and the room: a step too far is seen.
std::vector<char> with_room(std::string_view text) {
  std::vector<char> bytes(text.begin(), text.end());
  for (std::size_t i = 0; i < kScanRoom; i++) bytes.push_back(static_cast<char>('"' + i));
  return bytes;
}

void check_scanner(std::string_view text) {
  Members members;
  bool good = !read_json_object(text, members);
  const OptionalSeconds exp = time_of(members, "exp", good);
  const OptionalSeconds nbf = time_of(members, "nbf", good);
  const OptionalSeconds iat = time_of(members, "iat", good);
  std::vector<char> bytes = with_room(text);
  const std::vector<char> before = bytes;
  JsonScan scan;
  const bool taken = scan_json_object(bytes.data(), text.size(), scan);
  require(bytes == before);
  require(taken ? good : !(good && is_plain(text, members)));
  if (!taken) return;
  const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
  require(same(scan.exp, exp) && same(scan.nbf, nbf) && same(scan.iat, iat) && scan.ascii == ascii);
}

void check_token(std::string_view token) {
  const std::size_t first = token.find('.');
  const std::size_t second = std::min(token.find('.', first + 1), token.size());
  if (std::count(token.begin(), token.end(), '.') != 2) return;
  for (const QuickParts parts :
       {QuickParts::all, QuickParts::all_but_header, QuickParts::payload}) {
    std::vector<char> bytes = with_room(token);
    QuickJwt quick;
    if (!decode_quickly(bytes.data(), token.size(), first, second, parts, quick)) continue;
    DecodedJwt jwt;
    const Result<TimeClaims> times = decode_time_claims(token);
    require(times.ok() && same(times->exp, quick.scan.exp) && same(times->nbf, quick.scan.nbf) &&
            same(times->iat, quick.scan.iat));
    if (parts == QuickParts::payload) continue;
    // {} is a header that is sound.
    const bool any_header = parts == QuickParts::all_but_header;
    require(!decode_jwt(any_header ? "e30" + std::string(token.substr(first)) : token, jwt));
    require(jwt.payload == std::string_view(quick.payload, quick.payload_size));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Text text = fuzz::read_text(data, size, 8192);
  check_scanner(text);
  check_token(text);
  // header | payload | signature: past the outer form at once.
  std::string_view rest = text;
  const std::string_view header = fuzz::take_until(rest, '|');
  const std::string_view payload = fuzz::take_until(rest, '|');
  check_scanner(payload);
  check_token(fuzz::base64url_encode(header) + '.' + fuzz::base64url_encode(payload) + '.' +
              fuzz::base64url_encode(rest));
  return 0;
}
