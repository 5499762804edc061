#include "machine/peer_message.h"

#include "formats/words.h"
#include "machine/hex.h"

namespace bearerkit {
namespace {

constexpr std::string_view kBegin = "bearerkit 1 ";
// By PeerMessage::Kind.
constexpr std::string_view kKinds = "changed signed_in signed_out ended refreshing ask tokens";

constexpr std::size_t kId = 16;

}  // namespace

Text write_peer_message(const PeerMessage& message) {
  Text out(kBegin);
  (out += word_at(kKinds, static_cast<std::size_t>(message.kind))) += ' ';
  out += to_hex(message.session);
  if (message.kind == PeerMessage::Kind::ask) (out += ' ') += to_hex(message.generation);
  if (message.kind == PeerMessage::Kind::tokens) (out += ' ') += message.record;
  return out;
}

Result<PeerMessage> read_peer_message(std::string_view text) {
  if (!text.starts_with(kBegin)) return Error{ErrorCode::malformed};
  text.remove_prefix(kBegin.size());
  const std::size_t end = text.find(' ');
  const std::size_t kind = place_of(text.substr(0, end), kKinds);
  if (end == std::string_view::npos || kind == kNoWord) return Error{ErrorCode::malformed};
  text.remove_prefix(end + 1);
  PeerMessage message;
  message.kind = static_cast<PeerMessage::Kind>(kind);
  message.session = from_hex(text.substr(0, kId));
  text.remove_prefix(text.size() < kId ? text.size() : kId);
  if (message.kind == PeerMessage::Kind::tokens && text.starts_with(' ')) {
    message.record = text.substr(1);
  } else if (message.kind == PeerMessage::Kind::ask && text.starts_with(' ')) {
    message.generation = static_cast<std::uint32_t>(from_hex(text.substr(1)));
  } else if (!text.empty()) {
    message.session = 0;
  }
  if (message.session == 0) return Error{ErrorCode::malformed};
  return message;
}

}  // namespace bearerkit
