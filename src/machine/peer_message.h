// What tabs tell each other (X3, X9, X10).
#pragma once

#include <cstdint>
#include <string_view>

#include "formats/error.h"
#include "formats/text.h"

namespace bearerkit {

// `tokens` alone holds a token, and is sent only where no shared storage carries it (X9): a tab
// that is told of a change reads the storage.
struct PeerMessage {
  enum class Kind : std::uint8_t {
    changed,     // there is a newer record
    signed_in,   // somebody signed in
    signed_out,  // the user signed out
    ended,       // the session ended: refused by the server, or expired
    refreshing,  // X10 the sender has its turn, and is at work
    ask,         // X9 who has newer tokens than `generation`? 0: than none, of any session
    tokens,      // X9 here they are
  };
  Kind kind = Kind::changed;
  std::uint64_t session = 0;
  std::uint32_t generation = 0;  // of ask
  std::string_view record = {};  // of tokens: as write_record writes it in bearer mode
};

// One line of text: `bearerkit 1 signed_out 00112233445566ff`. What is not of this form is not for
// us, such as a message of another version.
Text write_peer_message(const PeerMessage& message);
// The record is a view of `text`, and is not looked at.
Result<PeerMessage> read_peer_message(std::string_view text);

}  // namespace bearerkit
