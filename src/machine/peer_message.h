// What tabs tell each other (X3).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "formats/error.h"

namespace bearerkit {

// Holds no token: a tab that is told of a change reads the storage.
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
