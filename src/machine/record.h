// The one record of a session, as it is stored (S1).
#pragma once

#include <cstdint>
#include <string_view>

#include "formats/error.h"
#include "formats/text.h"
#include "machine/settings.h"

namespace bearerkit {

// Goes up when an older release could not read the record: the key it is stored under, the lock and
// the channel carry it, so that two releases on one page do not touch each other (S5).
inline constexpr std::uint32_t kRecordVersion = 1;

// A session; or, with generation 0, the time of a no (C7): the server's word that there is none, or
// a sign-out from `session` that the server did not hear of. In hybrid and cookie mode only.
struct Record {
  // In record.cpp: in each place that holds one they would stand again.
  Record();
  Record(const Record& other);
  Record& operator=(const Record& other);
  ~Record();

  bool is_refusal() const { return generation == 0 && access_token.empty(); }

  std::uint64_t session = 0;     // random, new at every sign-in; 0: none
  std::uint32_t generation = 0;  // counts the token sets of the session, from 1
  std::uint64_t identity = 0;    // L5: a hash of who the user is, no secret; 0: unknown
  Dialect dialect = Dialect::unknown;
  Milliseconds received = 0;       // when the tokens came in, by the clock of that time
  Milliseconds deadline = kNever;  // when the access token expires by that clock; kNever: unknown
  Text access_token;
  Text refresh_token;
  Text kept;  // L9: JSON of what the app wants kept beside the tokens
};

// L5: whose a token response is by the word of the app: JSON of an id, or `null` where it does not
// know, which leaves `before`. Comparable with another word of the app only, not with the claims of
// a token (is_other_user).
std::uint64_t identity_of_app(std::string_view word, std::uint64_t before);

// L5: whether two identities are of two users, as far as is known.
bool is_other_user(std::uint64_t one, std::uint64_t other);

// JSON, one object. What is or may be secret is written in bearer mode only: hybrid and cookie mode
// store a session id, a generation, the hash of a user, and times (C3).
Text write_record(const Record& record, Mode mode);

// The other way round. An error for anything that write_record of this mode does not write, such
// as a record of another version (S3).
Result<Record> read_record(std::string_view text, Mode mode);

}  // namespace bearerkit
