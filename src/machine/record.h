// The one record of a session, as it is stored (S1), and the message that tabs send each other.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "formats/error.h"
#include "machine/session_types.h"

namespace bearerkit {

// Goes up when an older release could not read the record: the key it is stored under, the lock and
// the channel carry it, so that two releases on one page do not touch each other (S5).
inline constexpr std::uint32_t kRecordVersion = 1;

struct Record {
  std::uint64_t session = 0;     // random, new at every sign-in; 0: none
  std::uint32_t generation = 0;  // counts the token sets of the session, from 1
  Dialect dialect = Dialect::unknown;
  Milliseconds received = 0;       // when the tokens came in, by the clock of that time
  Milliseconds deadline = kNever;  // when the access token expires by that clock; kNever: unknown
  std::string access_token;
  std::string refresh_token;
};

// JSON, one object. What is secret is written in bearer mode only: hybrid and cookie mode store a
// session id, a generation and a deadline (C3).
std::string write_record(const Record& record, Mode mode);

// The other way round. An error for anything that write_record of this mode does not write, such
// as a record of another version (S3).
Result<Record> read_record(std::string_view text, Mode mode);

// X4: who may refresh, where there are no locks: an id that is new at each claim, and until when.
std::string write_lease(std::uint64_t id, Milliseconds until);
// Whether the lease that was found is one at `now`. One that is to last longer than `length` was
// made by another clock, and what is no lease is nobody's.
bool lease_holds(std::string_view text, Milliseconds now, Milliseconds length);

// What tabs tell each other (X3). Holds no token: a tab that is told of a change reads the storage.
struct PeerMessage {
  enum class Kind : std::uint8_t {
    changed,     // there is a newer record
    signed_in,   // somebody signed in
    signed_out,  // the user signed out
    ended,       // the session ended: refused by the server, or expired
  };
  Kind kind = Kind::changed;
  std::uint64_t session = 0;
};

// One line of text: `bearerkit 1 signed_out 00112233445566ff`. What is not of this form is not for
// us, such as a message of another version.
std::string write_peer_message(const PeerMessage& message);
Result<PeerMessage> read_peer_message(std::string_view text);

}  // namespace bearerkit
