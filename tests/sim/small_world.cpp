#include "small_world.h"

#include <algorithm>
#include <utility>

#include "world_input.h"

namespace bearerkit::sim {
namespace {

constexpr Fault kArmed[] = {Fault::request_lost, Fault::answer_lost, Fault::unavailable,
                            Fault::bad_gateway, Fault::broken_answer};

WorldSettings small(Options options) {
  options.faults = false;
  options.tabs = 2;
  if (!options.mode) options.mode = Mode::bearer;
  if (!options.storage) options.storage = StorageKind::shared_async;
  if (!options.locks) options.locks = true;
  options.lag = 0;
  WorldSettings settings = settings_for(options, 1);
  settings.server = ServerSettings{};
  settings.server.grace = options.grace.value_or(60'000);
  settings.client.keep_alive = false;
  settings.client.leeway = 0;
  settings.client.refresh_needs_token = 1;
  settings.function = Function::none;
  settings.forbidden_is_end = false;
  settings.wrong_clocks = false;
  return settings;
}

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0xff51afd7ed558ccdu;
  return hash ^ hash >> 32;
}

std::uint64_t hash_of_text(std::string_view text) {
  std::uint64_t hash = text.size();
  for (const char c : text) hash = mix(hash, static_cast<unsigned char>(c));
  return hash;
}

}  // namespace

SmallWorld::SmallWorld(const Options& options, std::size_t trace_lines)
    : world_(small(options), trace_lines) {
  world_.queue_ = Queue{};
  world_.unordered_ = true;
  world_.trace_.start_folding(kTabs);
  for (std::uint8_t i = 0; i < kTabs; i++) {
    world_.tabs_[i].offset = 0;
    world_.tabs_[i].rate = 1;
    world_.open(i);
  }
  run_out();
  world_.sign_in(0, 1);
  run_out();
}

void SmallWorld::run_out() {
  for (;;) {
    const auto& events = world_.queue_.all();
    std::size_t place = 0;
    while (place < events.size() && events[place].what == Happening::timer) place++;
    if (place == events.size()) return;
    world_.dispatch(world_.queue_.take(place));
  }
}

// ---- what may be next -------------------------------------------------------------------------

std::vector<SmallWorld::Choice> SmallWorld::choices() const {
  std::vector<Choice> found;
  const auto& events = world_.queue_.all();
  bool others = false;
  bool message[kTabs] = {};
  bool storage_event[kTabs] = {};
  for (std::uint32_t place = 0; place < events.size(); place++) {
    const Event& event = events[place];
    if (event.what == Happening::timer) continue;
    others = true;
    if (event.what == Happening::message && std::exchange(message[event.tab], true)) continue;
    if (event.what == Happening::storage_event && std::exchange(storage_event[event.tab], true)) {
      continue;
    }
    found.push_back({Move::event, place});
  }
  const std::uint32_t next = others ? 0 : first_timer();
  if (!others && next < events.size() && ends_mark(events[next])) return {{Move::event, next}};
  for (std::uint8_t tab = 0; tab < kTabs; tab++) {
    if (!requested_[tab] && world_.tabs_[tab].awake()) found.push_back({Move::request, tab});
  }
  if (!expired_) found.push_back({Move::expiry, 0});
  if (!faulted_) add_faults(others, found);
  if (!others && next < events.size()) found.push_back({Move::event, next});
  return found;
}

void SmallWorld::add_faults(bool others, std::vector<Choice>& found) const {
  const auto& events = world_.queue_.all();
  for (std::uint32_t place = 0; others && place < events.size(); place++) {
    if (events[place].what == Happening::timer && is_live(events[place])) {
      found.push_back({Move::early_timer, place});
    }
  }
  for (std::uint8_t tab = 0; tab < kTabs; tab++) {
    if (!world_.tabs_[tab].awake()) continue;
    for (const Move move : {Move::crash, Move::freeze, Move::sign_out, Move::sign_in}) {
      found.push_back({move, tab});
    }
  }
  // Without storage events nobody would learn of it before the next refresh.
  if (world_.settings_.storage == StorageKind::shared) found.push_back({Move::clear_storage, 0});
  for (std::uint32_t i = 0; i < std::size(kArmed); i++) found.push_back({Move::arm, i});
}

bool SmallWorld::is_live(const Event& timer) const {
  const Tab& tab = world_.tabs_[timer.tab];
  return tab.alive && timer.life == tab.life && timer.a == tab.timer_serial;
}

// X11: when nothing else is under way it is next, or the world grows fourfold.
bool SmallWorld::ends_mark(const Event& timer) const {
  const Tab& tab = world_.tabs_[timer.tab];
  return tab.timer_at == tab.mark_since + 2 * world_.settings_.client.storage_timeout;
}

std::uint32_t SmallWorld::first_timer() const {
  const auto& events = world_.queue_.all();
  std::uint32_t first = static_cast<std::uint32_t>(events.size());
  for (std::uint32_t place = 0; place < events.size(); place++) {
    if (!is_live(events[place])) continue;
    if (first == events.size() || events[place].at < events[first].at) first = place;
  }
  return first;
}

void SmallWorld::take(const Choice& choice) {
  world_.chance_ = Chance(1);
  const auto tab = static_cast<std::uint8_t>(choice.which);
  faulted_ |= choice.move >= Move::early_timer;
  switch (choice.move) {
    case Move::event:
    case Move::early_timer: {
      const Event event = world_.queue_.take(choice.which);
      world_.now_ = std::max(world_.now_, event.at);
      return world_.dispatch(event);
    }
    case Move::request:
      requested_[tab] = true;
      return world_.begin_call(tab, RequestKind::fetch, 0);
    case Move::expiry:
      expired_ = true;
      world_.now_ += world_.settings_.server.access_life;
      return;
    case Move::crash:
      world_.excuse_tab(tab, Fault::crash);
      return world_.gone(tab);
    case Move::freeze:
      return world_.freeze(tab, false, 0);
    case Move::sign_out:
      return world_.sign_out(tab);
    case Move::sign_in:
      return world_.sign_in(tab, 2);
    case Move::clear_storage:
      return world_.clear_storage(tab);
    case Move::arm:
      world_.armed_ = kArmed[choice.which];
      return;
  }
}

bool SmallWorld::is_end(const std::vector<Choice>& next) const {
  const bool under_way = std::any_of(
      next.begin(), next.end(), [](const Choice& choice) { return choice.move == Move::event; });
  return !under_way && requested_[0] && requested_[1] && expired_;
}

std::optional<SmallWorld::Wrong> SmallWorld::reckon() const {
  SmallWorld after = *this;
  World& world = after.world_;
  for (std::uint8_t i = 0; i < kTabs; i++) {
    if (world.tabs_[i].alive) world.wake(i);
  }
  after.run_out();
  for (std::uint8_t i = 0; i < kTabs; i++) {
    if (!world.tabs_[i].alive) continue;
    const World::Reckoning found = world.reckon_tab(i);
    if (found.wrong) return Wrong{found.invariant, found.detail};
  }
  if (world.locks_.holder()) return Wrong{Invariant::no_deadlock, "the lock is held"};
  return std::nullopt;
}

// ---- the same world again? --------------------------------------------------------------------

std::uint64_t SmallWorld::hash() const {
  std::uint64_t hash = hash_of_tabs();
  const auto add = [&hash](std::uint64_t value) { hash = mix(hash, value); };
  add(static_cast<std::uint64_t>(world_.now_));
  add(static_cast<std::uint64_t>(world_.armed_));
  for (const bool flag : {requested_[0], requested_[1], expired_, faulted_}) add(flag);
  add(hash_of_text(world_.storage_.text.value_or("-")));
  add(hash_of_text(world_.lease_.newest().value_or("-")));
  add(hash_of_text(world_.flight_.newest().value_or("-")));
  const auto& holder = world_.locks_.holder();
  add(holder ? holder->tab * 1'000'000u + holder->run : 77u);
  std::uint64_t in_any_order = 0;
  std::uint64_t in_order = 0;
  for (const Event& event : world_.queue_.all()) {
    if (event.what == Happening::timer && !is_live(event)) continue;
    const std::uint64_t one = hash_of(event);
    in_any_order += one;
    if (event.what == Happening::message) in_order = mix(in_order, one);
  }
  add(in_any_order);
  add(in_order);
  add(world_.server_.families());
  for (std::uint32_t family = 1; family < world_.server_.families(); family++) {
    add(world_.server_.family(family).current);
    add(world_.server_.family(family).revoked);
  }
  return hash;
}

std::uint64_t SmallWorld::hash_of_tabs() const {
  std::uint64_t hash = 1;
  const auto add = [&hash](std::uint64_t value) { hash = mix(hash, value); };
  for (std::uint8_t i = 0; i < kTabs; i++) {
    const Tab& tab = world_.tabs_[i];
    add(world_.trace_.seen()[i]);
    add(static_cast<std::uint64_t>(tab.alive) << 1 | static_cast<std::uint64_t>(tab.frozen));
    add(tab.life);
    add(static_cast<std::uint64_t>(tab.removing_lease) << 1 |
        static_cast<std::uint64_t>(tab.lease_waits.has_value()));
    add(tab.deferred.size());
    for (const Event& event : tab.deferred) add(hash_of(event));
    add(tab.storage_tasks.size());
    for (const StorageTask& task : tab.storage_tasks) {
      add(static_cast<std::uint64_t>(task.kind) << 1 | static_cast<std::uint64_t>(task.found));
      add(hash_of_text(task.text));
    }
  }
  return hash;
}

std::uint64_t SmallWorld::hash_of(const Event& event) const {
  std::uint64_t hash = static_cast<std::uint64_t>(event.what) << 8 | event.tab;
  hash = mix(hash, event.life);
  switch (event.what) {
    case Happening::timer:
      return mix(hash, static_cast<std::uint64_t>(event.at));
    case Happening::message:
      return mix(hash, hash_of_text(world_.messages_[event.a]));
    case Happening::lease_effect:
    case Happening::lease_done: {
      const LeaseTask& task = world_.lease_tasks_[event.a];
      hash = mix(hash, task.operation * 4u + static_cast<unsigned>(task.kind));
      return mix(hash, hash_of_text(task.text));
    }
    case Happening::redeem:
    case Happening::redeemed: {
      const World::Job& job = world_.jobs_[event.a];
      hash = mix(hash, job.run * 4u + static_cast<unsigned>(job.cancelled));
      hash = mix(hash, job.refresh);
      return mix(mix(hash, job.status), hash_of_text(job.body));
    }
    default:
      return mix(mix(hash, event.a), event.b);
  }
}

}  // namespace bearerkit::sim
