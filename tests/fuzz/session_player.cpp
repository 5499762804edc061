#include "session_player.h"

#include <cmath>

#include "record.h"

namespace bearerkit::fuzz {

Player::Player(const std::uint8_t* data, std::size_t size)
    : next_(data), end_(data + size), config_(config()), session_(config_) {
  session_.set_timeline((byte() & 1) != 0);
  session_.handle_start(now_);
  drain();
}

std::uint8_t Player::byte() { return next_ == end_ ? std::uint8_t{0} : *next_++; }

SessionConfig Player::config() {
  SessionConfig config;
  const std::uint8_t bits = byte();
  config.mode = static_cast<Mode>(bits % 3);
  config.shared_storage = bits >> 2 & 1;
  config.settle_time = config.shared_storage != 0 ? 50 : 0;
  config.keep_alive = bits >> 3 & 1;
  config.can_refresh = bits >> 4 != 0 ? 1 : 0;
  config.seed_low = byte();
  return config;
}

// A token response: unique tokens, or something that is none.
std::string Player::tokens() {
  const std::uint8_t choice = byte();
  if (choice % 8 == 0) return "<html>";
  const std::string serial = std::to_string(++serial_);
  static constexpr const char* kLifetimes[] = {"900", "0", "1", "31536000", "1e308", "-1"};
  const std::string refresh =
      (choice & 8) != 0 ? R"(,"refresh_token":"secret-r)" + serial + '"' : std::string();
  return R"({"access_token":"secret-a)" + serial + R"(","token_type":"Bearer","expires_in":)" +
         kLifetimes[choice / 16 % 6] + refresh + "}";
}

std::string Player::record(std::uint8_t choice) {
  Record record;
  record.session = choice % 5 + 1U;
  record.generation = choice / 8 % 4 + 1U;
  record.received = now_;
  record.deadline = (choice & 64) != 0 ? kNever : now_ + 60'000;
  record.access_token = "secret-b" + std::to_string(choice);
  record.refresh_token = "secret-s" + std::to_string(choice);
  return write_record(record, config_.mode);
}

void Player::play() {
  while (next_ != end_) step(byte());
}

void Player::step(std::uint8_t choice) {
  switch (choice % 16) {
    case 0:
    case 1:
      return request();
    case 2:
    case 3:
      return respond();
    case 4:
      return abort_or_fail((choice & 16) != 0);
    case 5:
      session_.handle_sign_in(now_, tokens());
      return drain();
    case 6:
      return (choice & 16) != 0 ? sign_out() : pass_time(byte());
    case 7:
      return pass_time(byte());
    case 8:
      return tick();
    case 9:
      session_.handle_wake(now_, (choice & 16) != 0);
      return drain();
    case 10: {
      static constexpr PeerMessage::Kind kKinds[] = {
          PeerMessage::Kind::changed, PeerMessage::Kind::signed_in, PeerMessage::Kind::signed_out,
          PeerMessage::Kind::ended};
      const std::uint8_t which = byte();
      const std::string message = (which & 64) != 0
                                      ? last_message_
                                      : write_peer_message({kKinds[which % 4], which / 4 % 5 + 1U});
      session_.handle_peer_message(now_, message);
      return drain();
    }
    case 11:
      // Another tab, or a person with the developer tools.
      if ((choice & 16) != 0)
        stored_.reset();
      else
        stored_ = (choice & 32) != 0 ? "{}" : record(byte());
      return;
    case 12:
      session_.handle_storage_unavailable(now_);
      return drain();
    case 15:
      if (choice != 255) return answer(byte(), byte());
      session_.handle_close(now_);
      closed_ = true;
      return drain();
    default:
      return answer(byte(), byte());
  }
}

void Player::request() {
  if (calls_.size() > 64) return;
  const std::uint8_t choice = byte();
  const auto kind = static_cast<RequestKind>(choice % 8 < 6 ? 0 : choice % 8 - 5);
  const std::uint32_t flags = kind == RequestKind::fetch ? choice / 8U : 0U;
  const std::uint32_t verdict = session_.handle_request(now_, kind, flags);
  const std::uint32_t id = verdict >> kVerdictIdShift;
  if ((verdict & refused) == 0 && id != 0) {
    require(calls_.find(id) == calls_.end());
    calls_[id] = Call{kind, (flags & foreign_origin) != 0, 0, Place::unsent};
  }
  require((verdict & with_token) == 0 || (flags & (foreign_origin | caller_authorization)) == 0);
  if ((verdict & go) != 0) {
    require((verdict & refused) == 0);
    if (kind != RequestKind::fetch)
      calls_.erase(id);
    else if ((verdict & tracked) != 0)
      sent(id, verdict);
    else
      calls_.erase(id);
  }
  drain();
}

void Player::sent(std::uint32_t id, std::uint32_t flags) {
  Call& call = calls_.at(id);
  require(call.kind == RequestKind::fetch);
  require((flags & with_token) == 0 || (!call.foreign && !session_.access_token().empty()));
  require(++call.sends <= 2);
  call.place = Place::on_its_way;
  if ((flags & tracked) == 0) calls_.erase(id);
}

void Player::respond() {
  static constexpr std::uint32_t kStatuses[] = {401, 200, 401, 403, 401, 500, 302, 401};
  static constexpr std::string_view kChallenges[] = {
      "", "Bearer error=\"invalid_token\"", "Bearer error=\"insufficient_scope\"", "Basic"};
  const std::uint32_t id = pick(Place::on_its_way);
  const std::uint8_t choice = byte();
  if (id == 0) return;
  const bool second = calls_.at(id).sends == 2;
  const std::uint32_t verdict = session_.handle_response(
      now_, id, kStatuses[choice % 8], kChallenges[choice / 8 % 4], (choice & 128) == 0);
  if ((verdict & go) != 0) {
    calls_.erase(id);
  } else {
    require(!second);  // F6: the second answer is delivered whatever it is
    calls_.at(id).place = Place::answered;
  }
  drain();
}

void Player::abort_or_fail(bool abort) {
  static constexpr Place kPlaces[] = {Place::on_its_way, Place::unsent, Place::answered};
  const std::uint32_t id = pick(abort ? kPlaces[byte() % 3] : Place::on_its_way);
  if (id == 0) return;
  if (abort) {
    session_.handle_abort(now_, id);
  } else {
    session_.handle_transport_error(now_, id);
  }
  calls_.erase(id);
  drain();
}

void Player::sign_out() {
  if (stored_) {
    const Result<Record> record = read_record(*stored_, config_.mode);
    // It is this session that the user ends only if nothing newer was put there by others.
    if (record.ok() && record->session > 5 && session_.signed_in()) {
      signed_out_.insert(record->session);
    }
  }
  session_.handle_sign_out(now_);
  drain();
  require(!session_.signed_in() || !session_.started());
}

void Player::pass_time(std::uint8_t choice) {
  static constexpr Milliseconds kSpans[] = {0,       1,          50,     1'000,  10'000,
                                            900'000, 86'400'000, -1'000, 3.2e10, -3.2e10};
  now_ += kSpans[choice % 10];
  tick();
}

void Player::tick() {
  // A timer that is due leaves another that is not, or this never ends.
  for (int rounds = 0; session_.poll_timeout() <= now_; rounds++) {
    require(rounds < 16);
    session_.handle_timeout(now_);
    drain();
  }
  require(!std::isnan(session_.poll_timeout()));
}

void Player::answer(std::uint8_t place, std::uint8_t how) {
  if (questions_.empty()) return;
  const auto at = questions_.begin() + place % static_cast<std::ptrdiff_t>(questions_.size());
  const Effect effect = *at;
  // Some are answered twice: an answer that is late must do no harm.
  if (how % 16 != 15) questions_.erase(at);
  if (effect.kind == EffectKind::acquire_lock) {
    session_.handle_lock_granted(now_, effect.ticket);
  } else if (effect.kind == EffectKind::write_storage) {
    session_.handle_storage_written(now_, effect.ticket);
  } else if (effect.kind == EffectKind::refresh) {
    return answer_refresh(effect, how);
  } else if (how % 8 == 7) {
    session_.handle_storage_read(now_, static_cast<ReadPurpose>(effect.code), effect.ticket,
                                 ReadOutcome::failed, {});
  } else {
    session_.handle_storage_read(now_, static_cast<ReadPurpose>(effect.code), effect.ticket,
                                 stored_ ? ReadOutcome::found : ReadOutcome::missing,
                                 stored_.value_or(""));
  }
  drain();
}

void Player::answer_refresh(const Effect& effect, std::uint8_t how) {
  static constexpr std::string_view kRefusal = R"({"error":"invalid_grant"})";
  const std::string body = tokens();
  switch (how % 8) {
    case 0:
      session_.handle_refresh_error(now_, effect.ticket, Override::none);
      break;
    case 1:
      session_.handle_refresh_error(now_, effect.ticket, Override::terminal);
      break;
    case 2:
      session_.handle_token_response(now_, effect.ticket, {400, kRefusal, {}, {}, Override::none});
      break;
    case 3:
      session_.handle_token_response(now_, effect.ticket, {503, "<p>", "120", {}, Override::none});
      break;
    case 4:
      session_.handle_token_response(now_, effect.ticket,
                                     {429,
                                      {},
                                      "Fri, 31 Dec 9999 23:59:59 GMT",
                                      "Sun, 06 Nov 1994 08:49:37 GMT",
                                      Override::none});
      break;
    default:
      session_.handle_token_response(now_, effect.ticket, {200, body, {}, {}, Override::none});
  }
  drain();
}

void Player::drain() {
  Effect effect;
  for (int count = 0; session_.poll_effect(effect); count++) {
    require(count < 1'000);
    note(effect);
  }
}

void Player::note(const Effect& effect) {
  switch (effect.kind) {
    case EffectKind::send:
      require(calls_.at(effect.request).place == Place::unsent);
      return sent(effect.request, effect.flags);
    case EffectKind::retry:
      require(calls_.at(effect.request).place == Place::answered);
      return sent(effect.request, effect.flags);
    case EffectKind::deliver:
      return finish(effect.request, Place::answered);
    case EffectKind::settle:
      return finish(effect.request, Place::unsent);
    case EffectKind::write_storage:
      return write(effect);
    case EffectKind::remove_storage:
      stored_.reset();
      return;
    case EffectKind::broadcast:
      require(effect.data.find("secret") == std::string::npos);
      require(read_peer_message(effect.data).ok());
      last_message_ = effect.data;
      return;
    case EffectKind::emit:
      require(effect.data.empty());
      return;
    case EffectKind::acquire_lock:
    case EffectKind::read_storage:
    case EffectKind::refresh:
      questions_.push_back(effect);
      return;
    default:
      return;
  }
}

void Player::write(const Effect& effect) {
  const Result<Record> record = read_record(effect.data, config_.mode);
  require(record.ok());
  require(config_.mode == Mode::bearer || effect.data.find("secret") == std::string::npos);
  require(signed_out_.find(record->session) == signed_out_.end());
  stored_ = effect.data;
  questions_.push_back(effect);
}

void Player::finish(std::uint32_t id, Place from) {
  const auto call = calls_.find(id);
  require(call != calls_.end() && call->second.place == from);
  calls_.erase(call);
}

// Some call that is there, or 0.
std::uint32_t Player::pick(Place place) {
  std::size_t skip = byte() % 8;
  std::uint32_t found = 0;
  for (const auto& [id, call] : calls_) {
    if (call.place != place) continue;
    found = id;
    if (skip-- == 0) break;
  }
  return found;
}

void Player::come_to_rest() {
  // With keepAlive refreshes follow one another: the last one is seen to its end.
  for (int rounds = 0; rounds < 64 || (session_.busy() && rounds < 128); rounds++) {
    // Taken, then refused, for as long as a refresh takes: it waits once for the record (X1).
    while (!questions_.empty()) answer(0, rounds / 2 % 2 == 0 ? 5 : 2);
    // A refresh that is under way when the client is closed is still finished.
    if (session_.poll_timeout() == kNever || (closed_ && !session_.busy())) break;
    if (session_.poll_timeout() > now_) now_ = session_.poll_timeout();
    tick();
  }
  for (const auto& [id, call] : calls_) {
    require(call.place == Place::on_its_way);
  }
  session_.handle_close(now_);
  drain();
}

}  // namespace bearerkit::fuzz
