// Time: what happens next, and the periods of chaos and calm.
#include "world.h"

#include <algorithm>

#include "world_input.h"

namespace bearerkit::sim {
namespace {

constexpr Time kFaultInterval = 3'000;
// The calm: longer than back-off, lock and storage time-outs together take.
constexpr Time kUntilQuiet = 180'000;
constexpr Time kUntilProbe = 30'000;
constexpr Time kUntilReckoning = 200'000;
// A refresh may be under way just then, or a message: look again.
constexpr std::uint32_t kLooks = 8;
constexpr Time kLookAgain = 8'000;  // at most

}  // namespace

World::World(const WorldSettings& settings, std::size_t trace_lines)
    : settings_(settings),
      chance_(settings.seed),
      trace_(trace_lines),
      tabs_(settings.tabs),
      server_(settings.server) {
  for (std::uint8_t i = 0; i < tabs_.size(); i++) {
    Tab& tab = tabs_[i];
    if (settings_.wrong_clocks) {
      constexpr std::int64_t kinds[] = {2'000, 120'000, 86'400'000, 1'000'000'000};
      tab.offset = static_cast<double>(chance_.between(0, kinds[chance_.below(4)]));
      if (tab.offset == 1e9) tab.offset *= 300;  // years
      if (chance_.coin()) tab.offset = -tab.offset;
      tab.rate = 1 + static_cast<double>(chance_.between(-200, 200)) * 1e-6;
    }
    if (!settings_.locks) {  // a lease goes by the one clock of the device (X4)
      tab.offset = tabs_[0].offset;
      tab.rate = tabs_[0].rate;
    }
    schedule(chance_.between(0, 3'000), Happening::open, i);
  }
  begin_chaos();
}

void World::run(std::uint64_t events) {
  while (events_ < events && !violation_.found) {
    const Event event = queue_.pop();
    now_ = event.at;
    dispatch(event);
  }
  stats_.runs = 1;
  stats_.events = events_;
  stats_.world_seconds = static_cast<std::uint64_t>(now_ / 1000);
}

double World::local(const Tab& tab) const {
  return kEpoch + tab.offset +
         static_cast<double>(static_cast<std::int64_t>(static_cast<double>(now_) * tab.rate));
}

// About the typical time, now and then much longer.
Time World::delay(std::int64_t typical) {
  if (unordered_) return 0;
  if (chance_.below(64) == 0) typical *= 16;
  return 1 + chance_.below(static_cast<std::uint32_t>(2 * typical));
}

void World::schedule(Time delay, Happening what, std::uint8_t tab, std::uint32_t a,
                     std::uint32_t b) {
  Event event;
  event.at = now_ + delay;
  event.what = what;
  event.tab = tab;
  event.life = tab < tabs_.size() ? tabs_[tab].life : std::uint16_t{0};
  event.a = a;
  event.b = b;
  unordered_ ? queue_.push_unsorted(event) : queue_.push(event);
}

void World::dispatch(const Event& event) {
  switch (event.what) {  // those of the world, not of a tab
    case Happening::fault:
      strike_by_chance();
      return;
    case Happening::calm:
      return begin_calm();
    case Happening::probe:
      return probe();
    case Happening::reckon:
      return reckon(event.a);
    case Happening::revoke:
      events_++;
      return server_.end_family(server_.refresh(event.a).family);
    case Happening::redeem:
      events_++;
      return serve_redeem(event.a);
    default:
      break;
  }

  Tab& tab = tabs_[event.tab];
  const bool gone = event.life != tab.life;
  const bool missed =
      tab.cached && (event.what == Happening::message || event.what == Happening::storage_event);
  if (missed && !gone) tab.missed_message = true;
  if (gone || missed) {
    if (event.what == Happening::message) messages_.take(event.a);
    if (event.what == Happening::lease_done) lease_tasks_.take(event.a);
    if (event.what == Happening::redeemed) {
      if (jobs_[event.a].kept_alive) take_cookies(jobs_[event.a]);
      free_job(event.a);
    }
    return;
  }
  if (event.what == Happening::redeemed && event.b == 0) {
    take_cookies(jobs_[event.a]);
  }
  switch (event.what) {
    case Happening::wake:
      if (tab.alive) wake(event.tab);
      return;
    case Happening::watch:
      return look_at(event);
    case Happening::open:
      return open(event.tab);
    case Happening::reload:
      return reload_in_flight(event.tab, event.a);
    case Happening::request:
      events_++;
      return serve_call(event);
    case Happening::lease_effect:
      events_++;
      return do_lease_task(event.tab, lease_tasks_.take(event.a));
    case Happening::storage_effect:
      events_++;
      return storage_effect(event.tab);
    default:
      break;
  }
  if (tab.frozen) {
    tab.deferred.push_back(event);
    if (event.what == Happening::redeemed) tab.deferred.back().b = 1;  // its cookies are taken
    return;
  }
  events_++;
  switch (event.what) {
    case Happening::user:
      return act(event.tab);
    case Happening::answer:
      return answer_call(event);
    case Happening::redeemed:
      return answer_redeem(event);
    case Happening::message:
      return deliver_message(event.tab, event.a);
    case Happening::storage_event:
      if (tab.closing) return;
      trace_.add(now_, event.tab, Note::storage_event);
      return input(event.tab, inputs::wake((tab.visible ? page_visible : 0U) |
                                           (tab.unseen ? prerendering : 0U)));
    case Happening::lock: {
      const auto is_it = [&](const Locks::Place& place) { return place.attempt == event.b; };
      if (std::none_of(tab.wanted_locks.begin(), tab.wanted_locks.end(), is_it)) {
        return;  // given up meanwhile
      }
      trace_.add(now_, event.tab, Note::has_lock, event.a);
      tab.lock_since = now_;
      return input(event.tab, inputs::lock_granted(event.a));
    }
    case Happening::revoke_lost:
      if (tab.closing) return;
      return input(event.tab, inputs::sign_out_answered(0));
    case Happening::storage_done:
      return storage_done(event.tab);
    case Happening::lease_done:
      return lease_done(event.tab, event.a);
    case Happening::timer:
      return fire_timer(event.tab, event.a);
    case Happening::abort:
      return abort_call(event.tab, event.a, event.b);
    default:
      return;
  }
}

// ---- chaos and calm ---------------------------------------------------------------------------

void World::begin_chaos() {
  calm_ = quiet_ = false;
  schedule(kFaultInterval, Happening::fault, kWorld);
  schedule(chance_.between(120'000, 2'400'000), Happening::calm, kWorld);
}

void World::strike_by_chance() {
  if (calm_) return;
  schedule(chance_.between(1, 2 * kFaultInterval), Happening::fault, kWorld);
  std::uint32_t dice = chance_.below(1'000'000);
  for (std::uint8_t i = static_cast<std::uint8_t>(Fault::outage);
       i <= static_cast<std::uint8_t>(Fault::banned); i++) {
    const auto fault = static_cast<Fault>(i);
    if (fault == Fault::storage_hangs) continue;  // comes with an operation
    if (dice < settings_.rate(fault)) {
      events_++;
      return strike(fault);
    }
    dice -= settings_.rate(fault);
  }
}

void World::begin_calm() {
  trace_.add(now_, kWorld, Note::calm);
  stats_.calms++;
  calm_ = true;
  outage_until_ = unclear_until_ = now_;
  // People come back to their tabs: each is shown once.
  for (std::uint8_t i = 0; i < tabs_.size(); i++) {
    if (tabs_[i].alive) schedule(chance_.between(1, 2'000), Happening::wake, i);
  }
  schedule(kUntilQuiet + kUntilProbe, Happening::probe, kWorld);
}

void World::probe() {
  quiet_ = true;
  for (std::uint8_t i = 0; i < tabs_.size(); i++) {
    Tab& tab = tabs_[i];
    if (!tab.awake() || tab.closing || !tab.told.signed_in) continue;
    tab.probe_excused = local(tab) < tab.backoff_until;
    begin_call(i, RequestKind::fetch, 0, true);
  }
  schedule(kUntilReckoning, Happening::reckon, kWorld, 0);
}

// Not at even intervals: with short lives tabs are at work at even intervals as well.
void World::look_again(std::uint32_t again) {
  schedule(chance_.between(100, kLookAgain), Happening::reckon, kWorld, again);
}

void World::reckon(std::uint32_t again) {
  trace_.add(now_, kWorld, Note::reckons);
  for (std::uint8_t i = 0; i < tabs_.size(); i++) {
    const Reckoning found = reckon_tab(i);
    if (!found.wrong) continue;
    if (again < kLooks) return look_again(again + 1);
    return fail(found.invariant, i, found.detail);
  }
  if (locks_.holder() && tabs_[locks_.holder()->tab].busy_since == 0) {
    if (again < kLooks) return look_again(again + 1);
    return fail(Invariant::no_deadlock, locks_.holder()->tab, "the lock is held");
  }
  begin_chaos();
}

}  // namespace bearerkit::sim
