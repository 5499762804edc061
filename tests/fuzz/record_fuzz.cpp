// S3: any text is a record or an error. What is read is written and read again as the same, and no
// mode but bearer ever writes a secret (C3). The same for the messages of tabs (X3).
#include "fuzz.h"
#include "record.h"

using namespace bearerkit;
using bearerkit::fuzz::require;

namespace {

void round_trip(std::string_view text, Mode mode) {
  const Result<Record> record = read_record(text, mode);
  if (!record.ok()) return;
  const std::string written = write_record(*record, mode);
  const Result<Record> again = read_record(written, mode);
  require(again.ok() && again->session == record->session &&
          again->generation == record->generation && again->access_token == record->access_token &&
          again->refresh_token == record->refresh_token);
  // A record without a dialect is read, and is OAuth from then on; without tokens it needs none.
  require(mode != Mode::bearer || record->dialect == Dialect::unknown ||
          again->dialect == record->dialect);
  require(write_record(*again, mode) == written);
  for (const Mode other : {Mode::hybrid, Mode::cookie}) {
    const std::string plain = write_record(*record, other);
    require(plain.find("access_token") == std::string::npos &&
            plain.find("refresh_token") == std::string::npos);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  for (const Mode mode : {Mode::bearer, Mode::hybrid, Mode::cookie}) round_trip(text, mode);
  const Result<PeerMessage> message = read_peer_message(text);
  if (message.ok()) require(write_peer_message(*message) == text);
  return 0;
}
