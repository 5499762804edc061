#include "machine/peer_message.h"

#include <iterator>

#include "machine/hex.h"

namespace bearerkit {
namespace {

// By PeerMessage::Kind.
constexpr std::string_view kMessages[] = {"bearerkit 1 changed ", "bearerkit 1 signed_in ",
                                          "bearerkit 1 signed_out ", "bearerkit 1 ended "};

}  // namespace

std::string write_peer_message(const PeerMessage& message) {
  std::string out(kMessages[static_cast<std::size_t>(message.kind)]);
  return out += to_hex(message.session);
}

Result<PeerMessage> read_peer_message(std::string_view text) {
  PeerMessage message;
  for (std::size_t kind = 0; kind < std::size(kMessages); kind++) {
    if (!text.starts_with(kMessages[kind])) continue;
    message.kind = static_cast<PeerMessage::Kind>(kind);
    message.session = from_hex(text.substr(kMessages[kind].size()));
  }
  if (message.session == 0) return Error{ErrorCode::malformed};
  return message;
}

}  // namespace bearerkit
