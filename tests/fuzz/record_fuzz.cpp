// S3: any text is a record or an error. What is written is read as it was, times to the
// millisecond; what is read is written and read again as the same, and no mode but bearer ever
// writes a secret (C3). The same for the messages of tabs (X3) and for leases (X4).
#include <cmath>

#include "formats/bearer_challenge.h"
#include "fuzz.h"
#include "machine/lease.h"
#include "machine/peer_message.h"
#include "machine/record.h"

using namespace bearerkit;
using bearerkit::fuzz::require;

namespace {

constexpr double kLatest = 9.0e15;  // far beyond every date

bool same_time(Milliseconds written, Milliseconds read) {
  return written <= kLatest ? std::abs(written - read) <= 0.5 : read == kNever;
}

void check_same(const Record& written, const Record& read) {
  require(read.session == written.session && read.generation == written.generation);
  require(read.access_token == written.access_token.view() &&
          read.refresh_token == written.refresh_token.view());
  require(same_time(written.received, read.received) && same_time(written.deadline, read.deadline));
}

void check_no_secret(const Record& record) {
  for (const Mode mode : {Mode::hybrid, Mode::cookie}) {
    const std::string plain = write_record(record, mode);
    require(plain.find("access_token") == std::string::npos &&
            plain.find("refresh_token") == std::string::npos);
  }
}

// From a text, that anybody may have stored.
void read_and_write(std::string_view text, Mode mode) {
  const Result<Record> record = read_record(text, mode);
  if (!record.ok()) return;
  require(record->deadline >= record->received);
  // C7: or the server's word that there is none.
  require(record->session != 0 || (mode != Mode::bearer && record->generation == 0));
  const fuzz::Text written(write_record(*record, mode));
  const Result<Record> again = read_record(written, mode);
  require(again.ok());
  check_same(*record, *again);
  // A record without a dialect is read, and is OAuth from then on; without tokens it needs none.
  require(mode != Mode::bearer || record->dialect == Dialect::unknown ||
          again->dialect == record->dialect);
  require(write_record(*again, mode) == std::string_view(written));
  check_no_secret(*record);
}

template <typename Number>
Number take(std::string_view& rest) {
  Number number{};
  rest.remove_prefix(rest.copy(reinterpret_cast<char*>(&number), sizeof number));
  return number;
}

// From a record, whose texts and times may be any that the machine can have.
void write_and_read(std::string_view rest) {
  if (rest.empty()) return;
  Record record;
  record.session = take<std::uint64_t>(rest);
  record.generation = take<std::uint32_t>(rest);
  record.dialect = (record.session & 1) != 0 ? Dialect::json : Dialect::oauth;
  record.received = take<double>(rest);
  const double life = take<double>(rest);
  if (!(std::abs(record.received) <= kLatest)) record.received = 1'700'000'000'000.25;
  if (life > 0) record.deadline = record.received + life;
  record.access_token = Text(fuzz::take_until(rest, '\n'));
  record.refresh_token = Text(rest);
  check_no_secret(record);
  const Result<Record> read = read_record(write_record(record, Mode::bearer), Mode::bearer);
  const bool fit = record.session != 0 && is_sendable(record.access_token.view());
  if (read.ok()) {
    require(fit && read->dialect == record.dialect);
    check_same(record, *read);
  } else {
    // What is no UTF-8 never gets so far: a refresh token comes out of JSON.
    require(!fit || read.error().code == ErrorCode::invalid_utf8);
  }
}

// X4: of any text, and of one that was written. A lease is one for so long and no longer.
void check_lease(std::string_view text) {
  constexpr Milliseconds kLength = 15'000;
  require(text.size() == 32 || !lease_holds(text, 0, kNever));
  const auto id = take<std::uint64_t>(text);
  const auto until = take<double>(text);
  const auto now = until - take<double>(text);
  const std::string lease = write_lease(id, until);
  const double end = until > 0 && until < kLatest ? std::floor(until) : 0;
  if (end == 0) return require(!lease_holds(lease, 0, kNever));
  require(lease_holds(lease, now, kLength) == (now < end && end <= now + kLength));
  require(lease_holds(lease, end - 1, kLength) && !lease_holds(lease, end, kLength));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Text text = fuzz::read_text(data, size, 65536);
  for (const Mode mode : {Mode::bearer, Mode::hybrid, Mode::cookie}) read_and_write(text, mode);
  write_and_read(text);
  check_lease(text);
  const Result<PeerMessage> message = read_peer_message(text);
  if (message.ok()) require(write_peer_message(*message) == std::string_view(text));
  return 0;
}
