// What the player does with what the machine wants.
#include <utility>

#include "machine_player.h"

namespace bearerkit::fuzz {
namespace {

// Answers as they should be: a lock is granted, the storage works, the server gives tokens.
constexpr std::uint8_t kWell = 5;
constexpr std::uint8_t kGoodTokens = 9;
// A token of 900 s is good for so long at least, whatever the margin (E7).
constexpr Milliseconds kLongTime = 600'000;

}  // namespace

// ---- answers --------------------------------------------------------------------------------

void Player::answer(std::uint8_t place, std::uint8_t how, std::uint8_t which_tokens) {
  if (questions_.empty()) return answer_sign_out(how);
  const auto at = questions_.begin() + place % static_cast<std::ptrdiff_t>(questions_.size());
  const Effect effect = *at;
  // Some are answered twice: an answer that is late must do no harm.
  if (how % 16 != 15) questions_.erase(at);
  if (effect.kind == EffectKind::acquire_lock) {
    answer_lock(effect, no_locks_ != (how >= 128));
  } else if (effect.kind == EffectKind::remove_storage) {
    give(inputs::of(InputKind::storage_removed));
  } else if (effect.kind == EffectKind::write_storage) {
    give(inputs::storage_written(effect.write_storage.operation));
  } else if (effect.kind == EffectKind::refresh) {
    answer_refresh(effect, how, which_tokens);
  } else {
    answer_read(effect, how % 8 == 7);
  }
  drain();
}

void Player::answer_sign_out(std::uint8_t how) {
  if (!std::exchange(revokes_, false)) return;
  constexpr std::uint32_t kStatuses[] = {204, 0, 503, 401};
  give(inputs::sign_out_answered(kStatuses[how % 4]));
  drain();
}

void Player::answer_lock(const Effect& effect, bool unavailable) {
  const RunId run = effect.acquire_lock.run;
  if (unavailable) return give(inputs::lock_unavailable(run));
  watch_.grants_lock(run);
  give(inputs::lock_granted(run));
}

void Player::answer_read(const Effect& effect, bool fails) {
  const auto [operation, purpose] = effect.read_storage;
  if (purpose == ReadPurpose::marks) {
    return give(inputs::storage_read(purpose, operation,
                                     fails ? ReadOutcome::failed : ReadOutcome::found, marks_));
  }
  const bool of_record = purpose != ReadPurpose::lease && purpose != ReadPurpose::flight;
  const auto& found = purpose == ReadPurpose::lease    ? lease_
                      : purpose == ReadPurpose::flight ? flight_
                                                       : stored_;
  const ReadOutcome outcome = fails   ? ReadOutcome::failed
                              : found ? ReadOutcome::found
                                      : ReadOutcome::missing;
  const std::string text = fails ? "" : found.value_or("");
  if (of_record) watch_.reads(outcome, text);
  give(inputs::storage_read(purpose, operation, outcome, text));
}

void Player::answer_refresh(const Effect& effect, std::uint8_t how, std::uint8_t which_tokens) {
  static constexpr std::string_view kRefusal = R"({"error":"invalid_grant"})";
  const RunId run = effect.refresh.run;
  switch (how % 8) {
    case 0:
      return give(inputs::refresh_error(run));
    case 1:
      watch_.allow(SignOutReason::refresh_rejected);
      return give(inputs::refresh_error(run, Override::terminal));
    case 2:
      watch_.allow(SignOutReason::refresh_rejected);
      return give(inputs::token_response(run, 400, kRefusal));
    case 3:
      return give(inputs::token_response(run, 503, "<p>", "120"));
    case 4:
      return give(inputs::token_response(run, 429, "", "Fri, 31 Dec 9999 23:59:59 GMT",
                                         "Sun, 06 Nov 1994 08:49:37 GMT"));
    case 7:  // R17
      watch_.allow(SignOutReason::refresh_rejected);
      return give(inputs::token_response(run, 403, "{}"));
    default:
      return give(
          inputs::token_response(run, 200, tokens(which_tokens, watch_.session_of_run(run))));
  }
}

// Instead of an answer: carrying it out threw.
void Player::fail_a_question(std::uint8_t place) {
  if (questions_.empty()) return;
  const auto at = questions_.begin() + place % static_cast<std::ptrdiff_t>(questions_.size());
  const Effect effect = *at;
  questions_.erase(at);
  // X4, R13: whoever asked for the lock last goes on without it, at once.
  const bool waits = effect.kind == EffectKind::acquire_lock && effect.acquire_lock.run == asks_;
  const int before = deeds_;
  // Each has its run or its operation first.
  give(inputs::effect_failed(effect.kind, effect.numbers[0]));
  drain();
  require(!waits || pending_ || deeds_ > before);
}

// Also one that is over, or never was.
void Player::fail_anything(std::uint8_t kind, std::uint8_t which) {
  const auto effect = static_cast<EffectKind>(kind % 32);
  std::uint32_t id = which;
  const bool of_request = effect == EffectKind::send || effect == EffectKind::retry ||
                          effect == EffectKind::deliver || effect == EffectKind::finish;
  if (of_request && which >= 128) id = watch_.pick(static_cast<Place>(which % 3), which / 4 % 8);
  give(inputs::effect_failed(effect, id));
  if (of_request) watch_.let_go(id);
  drain();
}

// ---- out ------------------------------------------------------------------------------------

// Gives how many effects were taken.
int Player::drain() {
  if (holds_ > 0) {
    // Every other time one is taken, and what it brings comes in while the others wait.
    holds_--;
    Effect effect;
    if (holds_ % 2 == 0 && machine_.poll_effect(effect)) take(effect);
    pending_ = true;
    return 0;
  }
  if (loop_.running()) return 0;  // it goes on by itself
  pending_ = true;
  int count = 0;
  loop_.run(machine_, [&](const Effect& effect) {
    require(count++ < 1'000);
    take(effect);
  });
  pending_ = false;
  watch_.drained();
  // X4: a lease is given back when its refresh is over.
  require(machine_.refreshing() || !lease_ || own_leases_.find(*lease_) == own_leases_.end());
  return count;
}

// Whoever is not told of effects leaves none behind.
void Player::drain_after(std::uint32_t instruction) {
  const bool told = pending_ || (instruction & effects) != 0;
  const int count = drain();
  require(told || count == 0);
}

void Player::take(const Effect& effect) {
  watch_.note(effect);
  if (effect.kind != EffectKind::warning && effect.kind != EffectKind::timeline) deeds_++;
  act(effect);
}

void Player::act(const Effect& effect) {
  switch (effect.kind) {
    case EffectKind::write_storage:
      stored_ = effect.text;
      questions_.push_back(effect);
      break;
    case EffectKind::remove_storage:
      stored_.reset();
      questions_.push_back(effect);
      break;
    case EffectKind::write_lease:
      lease_of(effect.write_lease.lease) = effect.text;
      own_leases_.insert(effect.text);
      return;
    case EffectKind::remove_lease:
      if (lease_of(effect.remove_lease.lease) == effect.text) {
        lease_of(effect.remove_lease.lease).reset();
      }
      return;
    case EffectKind::mark:
      marks_ = effect.text;  // X11: as another tab with the same tokens has it
      return;
    case EffectKind::broadcast:
      last_message_ = effect.text;
      return;
    case EffectKind::acquire_lock:
      asks_ = effect.acquire_lock.run;
      [[fallthrough]];
    case EffectKind::refresh:
      questions_.push_back(effect);
      return;
    case EffectKind::revoke:
      revokes_ = true;
      return;
    case EffectKind::read_storage:
      questions_.push_back(effect);
      break;
    default:
      return;
  }
  if (quick_) answer(static_cast<std::uint8_t>(questions_.size() - 1), kWell, kGoodTokens);
}

// ---- rest -----------------------------------------------------------------------------------

// Until nothing is asked, and nothing is to happen for a long time.
void Player::answer_all() {
  // A page that woke often has asked as often: each is answered, and few follow.
  std::size_t answers = 256 + questions_.size();
  for (int rounds = 0;; rounds++) {
    require(rounds < 64);
    for (; !questions_.empty(); answers--) {
      require(answers > 0);
      answer(0, kWell, kGoodTokens);
    }
    const Milliseconds next = machine_.poll_timeout();
    // A refresh that is under way when the client is closed is still finished.
    if (next > now_ + kLongTime || (closed_ && !machine_.refreshing())) break;
    if (next > now_) now_ = next;
    tick();
  }
  watch_.at_rest();
  require(!machine_.refreshing());
}

void Player::come_to_rest() {
  lease_.reset();  // the other tab is done
  flight_.reset();
  marks_.clear();
  // The timer that was set before the clock was set back still comes.
  holds_ = 0;
  odd_time_.reset();
  give(inputs::of(InputKind::timeout));
  drain();
  const int before = watch_.refreshes();
  answer_all();
  require(watch_.refreshes() <= before + 4);
  if (!closed_) {
    request(RequestKind::token, 0);
    request(RequestKind::refresh, 0);
    answer_all();
    sign_out();
    sign_in(kGoodTokens);
    answer_all();
    require(machine_.signed_in());
  }
  give(inputs::of(InputKind::close));
  closed_ = true;
  drain();
  answer_all();
}

}  // namespace bearerkit::fuzz
