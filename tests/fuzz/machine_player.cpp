// What the player gives to the machine.
#include "machine_player.h"

#include <cmath>
#include <iterator>
#include <limits>

#include "machine/lease.h"
#include "machine/mark.h"
#include "machine/peer_message.h"
#include "machine/record.h"

namespace bearerkit::fuzz {
namespace {

// The settings of a client whose app has chosen lengths of time.
void choose_lengths(Settings& settings, std::uint8_t choice) {
  constexpr Milliseconds kAges = 1e12;
  Milliseconds* const all[] = {&settings.storage_timeout, &settings.lock_timeout,
                               &settings.refresh_timeout, &settings.refresh_margin,
                               &settings.leeway};
  if (choice == 0) return;
  for (std::size_t i = 0; i < std::size(all); i++) {
    if (choice == 1 || choice == i + 2) *all[i] = i >= 3 ? kAges : 1;
    if (choice == 7) *all[i] = kAges;
  }
}

}  // namespace

Player::Player(const std::uint8_t* data, std::size_t size)
    : next_(data),
      end_(data + size),
      settings_(settings()),
      machine_(settings_),
      watch_(machine_, settings_) {
  give(inputs::of(InputKind::start));
  drain();
}

std::uint8_t Player::byte() { return next_ == end_ ? std::uint8_t{0} : *next_++; }

Settings Player::settings() {
  Settings settings;
  const std::uint8_t bits = byte();
  settings.mode = static_cast<Mode>(bits % 3);
  settings.shared_storage = bits >> 2 & 1;
  settings.keep_alive = bits >> 3 & 1;
  settings.can_refresh = bits >> 4 != 0 ? 1 : 0;
  settings.seed_low = byte();
  quick_ = settings.seed_low >= 192;
  const std::uint8_t more = byte();
  no_locks_ = (more & 2) != 0;
  settings.copied_storage = (more & 8) != 0 ? 1 : 0;
  settings.tabs = (more & 16) != 0 ? 0 : 1;
  settings.write_lag = 50;
  settings.refresh_needs_token = (more & 4) != 0 ? 0 : 1;
  choose_lengths(settings, more >> 5);
  return settings;
}

// A token response: unique tokens of the session, or something that is none.
std::string Player::tokens(std::uint8_t choice, Watch::Name session) {
  if (choice % 8 == 0) return "<html>";
  const std::string serial = std::to_string(++serial_);
  static constexpr const char* kLifetimes[] = {"900", "0", "1", "31536000", "1e308", "-1"};
  watch_.issues("secret-a" + serial, "secret-r" + serial, session);
  const std::string refresh =
      (choice & 8) != 0 ? R"(,"refresh_token":"secret-r)" + serial + '"' : std::string();
  return R"({"access_token":"secret-a)" + serial + R"(","token_type":"Bearer","expires_in":)" +
         kLifetimes[choice / 16 % 6] + refresh + "}";
}

// As another tab may have stored it, by a clock of its own. Session 5 cannot be refreshed.
std::string Player::record(std::uint8_t choice, Mode mode) {
  Record record;
  record.session = choice % 5 + 1U;
  record.generation = choice / 8 % 4 + 1U;
  record.received = (choice & 32) != 0 ? now_ + 3.2e10 : now_;
  record.deadline = (choice & 64) != 0 ? kNever : record.received + 60'000;
  if ((choice & 128) != 0) record.received += 120'000;
  record.access_token = bearerkit::Text("secret-b" + std::to_string(choice));
  if (record.session != 5)
    record.refresh_token = bearerkit::Text("secret-s" + std::to_string(choice));
  watch_.issues(record.access_token.view(), record.refresh_token.view(), record.session);
  return write_record(record, mode);
}

// ---- in -------------------------------------------------------------------------------------

void Player::play() {
  while (next_ != end_) step(byte());
}

void Player::step(std::uint8_t choice) {
  switch (choice % 16) {
    case 0:
    case 1: {
      const std::uint8_t which = byte();
      if (watch_.requests() > 64) return;
      if (which % 8 >= 6) return request(static_cast<RequestKind>(which % 8 - 5), 0);
      return request(RequestKind::fetch, which / 8U | (choice & 0x30U) << 1);
    }
    case 2:
    case 3:
      return respond();
    case 4:
      return abort_or_fail((choice & 16) != 0);
    case 5:
      return sign_in(byte());
    case 6:
      return (choice & 16) != 0 ? sign_out() : pass_time(byte());
    case 7:
      return pass_time(byte());
    case 8:
      return tick();
    case 9:
      give(inputs::wake(static_cast<std::uint32_t>(choice) >> 4 & 3));
      drain();
      return;
    case 10:
      return hear(byte());
    case 11:
    case 13:
      return interfere(choice);
    case 12:
      return trouble(choice);
    case 15:
      if (choice == 255) {
        give(inputs::of(InputKind::close));
        closed_ = true;
        drain();
        return;
      }
      [[fallthrough]];
    default: {
      if (choice == 254) machine_.set_timeline(true);
      const std::uint8_t place = byte();
      const std::uint8_t how = byte();
      return answer(place, how, byte());
    }
  }
}

// Of the next input.
Milliseconds Player::now() {
  const Milliseconds now = odd_time_.value_or(now_);
  odd_time_.reset();
  return now;
}

// Only a sign-in is answered an error.
void Player::give(const Input& input) {
  if (pending_) watch_.overtakes();
  asks_ = 0;
  require(machine_.handle(now(), input) == ErrorCode::none);
}

void Player::request(RequestKind kind, std::uint32_t flags) {
  if (pending_) watch_.overtakes();
  const std::uint32_t instruction = machine_.handle_request(now(), kind, flags);
  watch_.asked(instruction, kind, flags);
  drain_after(instruction);
}

void Player::respond() {
  static constexpr std::uint32_t kStatuses[] = {401, 200, 401, 403, 401, 500, 302, 401};
  static constexpr std::string_view kChallenges[] = {
      "", "Bearer error=\"invalid_token\"", "Bearer error=\"insufficient_scope\"", "Basic"};
  const std::uint32_t id = watch_.pick(Place::on_its_way, byte() % 8);
  const std::uint8_t choice = byte();
  if (id == 0) return;
  if (pending_) watch_.overtakes();
  const std::uint32_t status = kStatuses[choice % 8];
  const std::uint32_t allowed = (choice & 128) == 0 ? final_origin_allowed : 0u;
  const std::uint32_t endpoint = choice >> 5 & 3U;
  const std::string_view challenge = kChallenges[choice / 8 % 4];
  std::uint32_t instruction =
      machine_.handle_response(now(), id, status, challenge, allowed | app_may_refuse, endpoint);
  // R15: the app calls some of them a refusal. It is not asked about a 401 that speaks of the
  // token.
  if ((instruction & (go | tracked)) == tracked) {
    require(allowed != 0 && (status != 401 || challenge == "Basic"));
    const bool refused = (choice & 64) != 0;
    instruction = refused
                      ? machine_.handle_response(now(), id, 401, {}, allowed, endpoint)
                      : machine_.handle_response(now(), id, status, challenge, allowed, endpoint);
    require((instruction & (go | tracked)) != tracked);
  }
  watch_.answered(id, instruction);
  drain_after(instruction);
}

void Player::abort_or_fail(bool abort) {
  static constexpr Place kPlaces[] = {Place::on_its_way, Place::unsent, Place::answered};
  const Place place = abort ? kPlaces[byte() % 3] : Place::on_its_way;
  const RequestId id = watch_.pick(place, byte() % 8);
  if (id == 0) return;
  give(abort ? inputs::abort(id) : inputs::transport_error(id));
  watch_.let_go(id);
  drain();
}

void Player::sign_in(std::uint8_t choice) {
  if (pending_) watch_.overtakes();
  asks_ = 0;
  const std::uint32_t version = machine_.token_version();
  const ErrorCode error = machine_.handle(now(), inputs::sign_in(tokens(choice, ++sign_ins_)));
  require(error != ErrorCode::none ? machine_.token_version() == version : machine_.signed_in());
  drain();
}

// The server is told, with the tokens of the session that ends (L1).
void Player::sign_out() {
  const std::string token(machine_.access_token());
  const std::size_t before = watch_.revocations(token);
  // A read that was asked before, and is answered now, may find the session of another tab.
  const bool may_find_another = quick_ && pending_;
  watch_.allow(SignOutReason::signed_out);
  give(inputs::of(InputKind::sign_out));
  holds_ = 0;
  drain();
  watch_.forbid(SignOutReason::signed_out);
  require(token.empty() || watch_.revocations(token) == before + 1);
  if (may_find_another) return;
  require(!machine_.signed_in() && machine_.started() && !machine_.refreshing());
  require(machine_.access_token().empty() && machine_.poll_timeout() == kNever);
}

// A message of another tab, or one of its own that it sent before.
void Player::hear(std::uint8_t choice) {
  static constexpr PeerMessage::Kind kKinds[] = {
      PeerMessage::Kind::changed, PeerMessage::Kind::signed_in,  PeerMessage::Kind::signed_out,
      PeerMessage::Kind::ended,   PeerMessage::Kind::refreshing, PeerMessage::Kind::ask,
      PeerMessage::Kind::tokens};
  PeerMessage message{kKinds[choice % std::size(kKinds)], choice / 8 % 5 + 1U, choice / 8 % 4U, {}};
  std::string text;
  if (message.kind == PeerMessage::Kind::tokens)
    message.record = text = record(choice, Mode::bearer);
  const bool silent =
      message.kind == PeerMessage::Kind::refreshing || message.kind == PeerMessage::Kind::ask;
  const bool own = (choice & 128) != 0;  // what it said itself
  if (own || !silent) watch_.allow(SignOutReason::signed_out_elsewhere);
  marks_ = write_mark({message.session, message.generation, now_ + 60'000});
  give(inputs::peer_message(own ? last_message_ : write_peer_message(message)));
  drain();
}

// Another tab, or a person with the developer tools.
void Player::interfere(std::uint8_t choice) {
  const bool removes = (choice & 16) != 0;
  const bool breaks = (choice & 32) != 0;
  if (choice % 16 == 11) {
    stored_ = breaks ? "{}" : record(byte(), settings_.mode);
    if (removes) stored_.reset();
  } else {
    std::optional<std::string>& lease = lease_of(choice % 16 == 13 ? Lease::flight : Lease::turn);
    lease = breaks ? std::string(32, 'f') : write_lease(77, now_ + 1'000.0 * byte());
    if (removes) lease.reset();
  }
}

// What goes wrong with the platform.
void Player::trouble(std::uint8_t choice) {
  const std::uint32_t number = choice / 16;
  if (number >= 12) {
    const std::uint8_t kind = byte();
    return fail_anything(kind, byte());
  }
  if (number >= 8) return fail_a_question(byte());
  if (number != 0) {
    holds_ = number;
    return;
  }
  give(inputs::of(InputKind::storage_unavailable));
  drain();
}

void Player::pass_time(std::uint8_t choice) {
  static constexpr Milliseconds kSpans[] = {0,       1,          50,     1'000,  10'000,
                                            900'000, 86'400'000, -1'000, 3.2e10, -3.2e10};
  // R13: no time at all, or the first and the last one that JavaScript has.
  static constexpr Milliseconds kOddTimes[] = {std::numeric_limits<double>::quiet_NaN(), kNever,
                                               -kNever, 8.64e15, -8.64e15};
  if (choice >= 250 && choice < 255) {
    odd_time_ = kOddTimes[choice - 250];
    return;
  }
  now_ += kSpans[choice % 10];
  tick();
}

void Player::tick() {
  // A timer that is due does something, or is set to a later time (R24), or this never ends.
  for (int rounds = 0; machine_.poll_timeout() <= now_; rounds++) {
    require(rounds < 16);
    odd_time_.reset();
    give(inputs::of(InputKind::timeout));
    holds_ = 0;
    require(drain() > 0 || machine_.poll_timeout() > now_);
  }
  require(!std::isnan(machine_.poll_timeout()));
}

}  // namespace bearerkit::fuzz
