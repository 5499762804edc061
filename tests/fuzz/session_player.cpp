#include "session_player.h"

#include <cmath>

#include "machine/record.h"

namespace bearerkit::fuzz {
namespace {

// Answers as they should be: a lock is granted, the storage works, the server gives tokens.
constexpr std::uint8_t kWell = 5;
constexpr std::uint8_t kGoodTokens = 9;
// A token of 900 s is good for so long at least, whatever the margin (E7).
constexpr Milliseconds kLongTime = 600'000;

// The settings of a client whose app has chosen lengths of time.
void choose_lengths(SessionConfig& config, std::uint8_t choice) {
  constexpr Milliseconds kAges = 1e12;
  Milliseconds* const all[] = {&config.storage_timeout, &config.lock_timeout,
                               &config.refresh_timeout, &config.refresh_margin, &config.leeway};
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
      config_(config()),
      session_(config_),
      watch_(session_, config_) {
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
  const std::uint8_t more = byte();
  no_locks_ = (more & 2) != 0;
  config.refresh_needs_token = (more & 4) != 0 ? 0 : 1;
  choose_lengths(config, more >> 5);
  return config;
}

// A token response: unique tokens, or something that is none.
std::string Player::tokens(std::uint8_t choice) {
  if (choice % 8 == 0) return "<html>";
  const std::string serial = std::to_string(++serial_);
  static constexpr const char* kLifetimes[] = {"900", "0", "1", "31536000", "1e308", "-1"};
  const std::string refresh =
      (choice & 8) != 0 ? R"(,"refresh_token":"secret-r)" + serial + '"' : std::string();
  return R"({"access_token":"secret-a)" + serial + R"(","token_type":"Bearer","expires_in":)" +
         kLifetimes[choice / 16 % 6] + refresh + "}";
}

// As another tab may have stored it, by a clock of its own. Session 5 cannot be refreshed.
std::string Player::record(std::uint8_t choice) {
  Record record;
  record.session = choice % 5 + 1U;
  record.generation = choice / 8 % 4 + 1U;
  record.received = (choice & 32) != 0 ? now_ + 3.2e10 : now_;
  record.deadline = (choice & 64) != 0 ? kNever : record.received + 60'000;
  if ((choice & 128) != 0) record.received += 120'000;
  record.access_token = "secret-b" + std::to_string(choice);
  if (record.session != 5) record.refresh_token = "secret-s" + std::to_string(choice);
  return write_record(record, config_.mode);
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
      return request(RequestKind::fetch, which / 8U);
    }
    case 2:
    case 3:
      return respond();
    case 4:
      return abort_or_fail((choice & 16) != 0);
    case 5:
      return sign_in(tokens(byte()));
    case 6:
      return (choice & 16) != 0 ? sign_out() : pass_time(byte());
    case 7:
      return pass_time(byte());
    case 8:
      return tick();
    case 9:
      session_.handle_wake(now_, static_cast<std::uint32_t>(choice) >> 4 & 3);
      drain();
      return;
    case 10:
      return hear(byte());
    case 11:
    case 13:
      return interfere(choice);
    case 12:
      session_.handle_storage_unavailable(now_);
      drain();
      return;
    case 15:
      if (choice == 254) session_.set_timeline(true);
      if (choice == 255) {
        session_.handle_close(now_);
        closed_ = true;
        drain();
        return;
      }
      [[fallthrough]];
    default: {
      const std::uint8_t place = byte();
      const std::uint8_t how = byte();
      return answer(place, how, byte());
    }
  }
}

void Player::request(RequestKind kind, std::uint32_t flags) {
  watch_.asked(session_.handle_request(now_, kind, flags), kind, flags);
  drain();
}

void Player::respond() {
  static constexpr std::uint32_t kStatuses[] = {401, 200, 401, 403, 401, 500, 302, 401};
  static constexpr std::string_view kChallenges[] = {
      "", "Bearer error=\"invalid_token\"", "Bearer error=\"insufficient_scope\"", "Basic"};
  const std::uint32_t id = watch_.pick(Place::on_its_way, byte() % 8);
  const std::uint8_t choice = byte();
  if (id == 0) return;
  watch_.answered(id, session_.handle_response(now_, id, kStatuses[choice % 8],
                                               kChallenges[choice / 8 % 4], (choice & 128) == 0));
  drain();
}

void Player::abort_or_fail(bool abort) {
  static constexpr Place kPlaces[] = {Place::on_its_way, Place::unsent, Place::answered};
  const Place place = abort ? kPlaces[byte() % 3] : Place::on_its_way;
  const std::uint32_t id = watch_.pick(place, byte() % 8);
  if (id == 0) return;
  if (abort) {
    session_.handle_abort(now_, id);
  } else {
    session_.handle_transport_error(now_, id);
  }
  watch_.let_go(id);
  drain();
}

void Player::sign_in(const std::string& tokens) {
  const std::uint32_t version = session_.token_version();
  const Error error = session_.handle_sign_in(now_, tokens);
  require(error ? session_.token_version() == version : session_.signed_in());
  drain();
}

void Player::sign_out() {
  watch_.allow(SignOutReason::signed_out);
  session_.handle_sign_out(now_);
  drain();
  watch_.forbid(SignOutReason::signed_out);
  require(!session_.signed_in() && session_.started() && !session_.busy());
  require(session_.access_token().empty() && session_.poll_timeout() == kNever);
}

// A message of another tab, or one of its own that it sent before.
void Player::hear(std::uint8_t choice) {
  static constexpr PeerMessage::Kind kKinds[] = {
      PeerMessage::Kind::changed, PeerMessage::Kind::signed_in, PeerMessage::Kind::signed_out,
      PeerMessage::Kind::ended};
  watch_.allow(SignOutReason::signed_out_elsewhere);
  session_.handle_peer_message(
      now_, (choice & 64) != 0 ? last_message_
                               : write_peer_message({kKinds[choice % 4], choice / 4 % 5 + 1U}));
  drain();
}

// Another tab, or a person with the developer tools.
void Player::interfere(std::uint8_t choice) {
  const bool removes = (choice & 16) != 0;
  const bool breaks = (choice & 32) != 0;
  if (choice % 16 == 11) {
    stored_ = breaks ? "{}" : record(byte());
    if (removes) stored_.reset();
  } else {
    lease_ = breaks ? std::string(32, 'f') : write_lease(77, now_ + 1'000.0 * byte());
    if (removes) lease_.reset();
  }
}

void Player::pass_time(std::uint8_t choice) {
  static constexpr Milliseconds kSpans[] = {0,       1,          50,     1'000,  10'000,
                                            900'000, 86'400'000, -1'000, 3.2e10, -3.2e10};
  now_ += kSpans[choice % 10];
  tick();
}

void Player::tick() {
  // A timer that is due does something, and leaves another that is not, or this never ends.
  for (int rounds = 0; session_.poll_timeout() <= now_; rounds++) {
    require(rounds < 16);
    session_.handle_timeout(now_);
    require(drain() > 0);
  }
  require(!std::isnan(session_.poll_timeout()));
}

// ---- answers --------------------------------------------------------------------------------

void Player::answer(std::uint8_t place, std::uint8_t how, std::uint8_t which_tokens) {
  if (questions_.empty()) return;
  const auto at = questions_.begin() + place % static_cast<std::ptrdiff_t>(questions_.size());
  const Effect effect = *at;
  // Some are answered twice: an answer that is late must do no harm.
  if (how % 16 != 15) questions_.erase(at);
  if (effect.kind == EffectKind::acquire_lock) {
    answer_lock(effect, no_locks_ != (how >= 128));
  } else if (effect.kind == EffectKind::write_storage) {
    session_.handle_storage_written(now_, effect.ticket);
  } else if (effect.kind == EffectKind::refresh) {
    answer_refresh(effect, how, which_tokens);
  } else {
    answer_read(effect, how % 8 == 7);
  }
  drain();
}

void Player::answer_lock(const Effect& effect, bool unavailable) {
  if (unavailable) return session_.handle_lock_unavailable(now_, effect.ticket);
  watch_.grants_lock(effect.ticket);
  session_.handle_lock_granted(now_, effect.ticket);
}

void Player::answer_read(const Effect& effect, bool fails) {
  const auto purpose = static_cast<ReadPurpose>(effect.code);
  const auto& found = purpose == ReadPurpose::lease ? lease_ : stored_;
  const ReadOutcome outcome = fails   ? ReadOutcome::failed
                              : found ? ReadOutcome::found
                                      : ReadOutcome::missing;
  const std::string text = fails ? "" : found.value_or("");
  if (purpose != ReadPurpose::lease) watch_.reads(outcome, text);
  session_.handle_storage_read(now_, purpose, effect.ticket, outcome, text);
}

void Player::answer_refresh(const Effect& effect, std::uint8_t how, std::uint8_t which_tokens) {
  static constexpr std::string_view kRefusal = R"({"error":"invalid_grant"})";
  const std::uint32_t ticket = effect.ticket;
  const auto responds = [&](std::uint32_t status, std::string_view body, std::string_view after,
                            std::string_view date) {
    session_.handle_token_response(now_, ticket, {status, body, after, date, Override::none});
  };
  switch (how % 8) {
    case 0:
      return session_.handle_refresh_error(now_, ticket, Override::none);
    case 1:
      watch_.allow(SignOutReason::refresh_rejected);
      return session_.handle_refresh_error(now_, ticket, Override::terminal);
    case 2:
      watch_.allow(SignOutReason::refresh_rejected);
      return responds(400, kRefusal, "", "");
    case 3:
      return responds(503, "<p>", "120", "");
    case 4:
      return responds(429, "", "Fri, 31 Dec 9999 23:59:59 GMT", "Sun, 06 Nov 1994 08:49:37 GMT");
    default:
      return responds(200, tokens(which_tokens), "", "");
  }
}

// ---- out ------------------------------------------------------------------------------------

// Gives how many effects there were.
int Player::drain() {
  Effect effect;
  int count = 0;
  for (; session_.poll_effect(effect); count++) {
    require(count < 1'000);
    if (getenv("TR"))
      fprintf(stderr,
              "%.0f  effect %d code %u flags %u ticket %u req %u at %.0f %s busy %d timeout %.0f\n",
              now_ - 1.7e12, (int)effect.kind, effect.code, effect.flags, effect.ticket,
              effect.request, effect.at, effect.data.c_str(), session_.busy(),
              session_.poll_timeout() - 1.7e12);
    watch_.note(effect);
    act(effect);
  }
  watch_.drained();
  // X4: a lease is given back when its refresh is over.
  require(session_.busy() || !lease_ || own_leases_.find(*lease_) == own_leases_.end());
  return count;
}

void Player::act(const Effect& effect) {
  switch (effect.kind) {
    case EffectKind::write_storage:
      stored_ = effect.data;
      questions_.push_back(effect);
      return;
    case EffectKind::remove_storage:
      stored_.reset();
      return;
    case EffectKind::write_lease:
      lease_ = effect.data;
      own_leases_.insert(effect.data);
      return;
    case EffectKind::remove_lease:
      if (lease_ == effect.data) lease_.reset();
      return;
    case EffectKind::broadcast:
      last_message_ = effect.data;
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

// ---- rest -----------------------------------------------------------------------------------

// Until nothing is asked, and nothing is to happen for a long time.
void Player::settle() {
  // A page that woke often has asked as often: each is answered, and few follow.
  std::size_t answers = 256 + questions_.size();
  for (int rounds = 0;; rounds++) {
    require(rounds < 64);
    for (; !questions_.empty(); answers--) {
      require(answers > 0);
      answer(0, kWell, kGoodTokens);
    }
    const Milliseconds next = session_.poll_timeout();
    // A refresh that is under way when the client is closed is still finished.
    if (next > now_ + kLongTime || (closed_ && !session_.busy())) break;
    if (next > now_) now_ = next;
    tick();
  }
  watch_.at_rest();
  require(!session_.busy());
}

void Player::come_to_rest() {
  lease_.reset();  // the other tab is done
  // The timer that was set before the clock was set back still comes.
  session_.handle_timeout(now_);
  drain();
  const int before = watch_.refreshes();
  settle();
  require(watch_.refreshes() <= before + 4);
  if (!closed_) {
    request(RequestKind::token, 0);
    request(RequestKind::refresh, 0);
    settle();
    sign_out();
    sign_in(tokens(kGoodTokens));
    settle();
    require(session_.signed_in());
  }
  session_.handle_close(now_);
  closed_ = true;
  drain();
  settle();
}

}  // namespace bearerkit::fuzz
