#include "machine/peer_message.h"

#include <iterator>

#include "machine/hex.h"

namespace bearerkit {
namespace {

// By PeerMessage::Kind.
constexpr std::string_view kMessages[] = {"bearerkit 1 changed ",    "bearerkit 1 signed_in ",
                                          "bearerkit 1 signed_out ", "bearerkit 1 ended ",
                                          "bearerkit 1 refreshing ", "bearerkit 1 ask ",
                                          "bearerkit 1 tokens "};

constexpr std::size_t kId = 16;

}  // namespace

Text write_peer_message(const PeerMessage& message) {
  Text out(kMessages[static_cast<std::size_t>(message.kind)]);
  out += to_hex(message.session);
  if (message.kind == PeerMessage::Kind::ask) (out += ' ') += to_hex(message.generation);
  if (message.kind == PeerMessage::Kind::tokens) (out += ' ') += message.record;
  return out;
}

Result<PeerMessage> read_peer_message(std::string_view text) {
  PeerMessage message;
  for (std::size_t kind = 0; kind < std::size(kMessages); kind++) {
    if (!text.starts_with(kMessages[kind])) continue;
    message.kind = static_cast<PeerMessage::Kind>(kind);
    text.remove_prefix(kMessages[kind].size());
    message.session = from_hex(text.substr(0, kId));
    text.remove_prefix(text.size() < kId ? text.size() : kId);
    if (message.kind == PeerMessage::Kind::tokens && text.starts_with(' ')) {
      message.record = text.substr(1);
      text = {};
    } else if (message.kind == PeerMessage::Kind::ask && text.starts_with(' ')) {
      message.generation = static_cast<std::uint32_t>(from_hex(text.substr(1)));
      text = {};
    }
    if (!text.empty()) message.session = 0;
    break;
  }
  if (message.session == 0) return Error{ErrorCode::malformed};
  return message;
}

}  // namespace bearerkit
