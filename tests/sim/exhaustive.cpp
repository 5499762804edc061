// Every interleaving of a small world to its end: 2 tabs that share a session, 2 requests, 1
// expiry, 1 fault of any kind at any moment. What is under way may come in any order (messages of
// one tab to the other keep theirs); timers fire when nothing else is left to happen, or early as a
// fault. Worlds that are the same are looked at once: a tab is the same when it has seen the same.
#include "exhaustive.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <unordered_set>
#include <utility>
#include <vector>

#include "world_input.h"

namespace bearerkit::sim {
namespace {

constexpr std::uint8_t kTabs = 2;

// What may happen once, besides what is under way.
enum class Move : std::uint8_t {
  event,        // one that is under way, by its place
  request,      // of a tab
  expiry,       // the access token's life passes
  early_timer,  // all others: faults
  crash,
  freeze,
  sign_out,
  sign_in,
  clear_storage,
  arm,  // what goes wrong with the next message it fits
};

constexpr Fault kArmed[] = {Fault::request_lost, Fault::answer_lost, Fault::unavailable,
                            Fault::bad_gateway, Fault::broken_answer};

struct Choice {
  Move move;
  std::uint32_t which;
};

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0xff51afd7ed558ccdu;
  return hash ^ hash >> 32;
}

}  // namespace

class Explorer {
 public:
  explicit Explorer(const Options& options) : options_(options) {}

  int run() {
    const auto begin = std::chrono::steady_clock::now();
    begin_ = begin;
    visit(State{root(0), {}, false, false});
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    std::printf("%s: %llu states, %llu transitions, %llu ends, at most %zu steps, %.1f s\n",
                failed_ ? "FAILED" : "exhaustive", static_cast<unsigned long long>(seen_.size()),
                static_cast<unsigned long long>(transitions_),
                static_cast<unsigned long long>(ends_), deepest_, seconds);
    return failed_ ? 1 : 0;
  }

 private:
  struct State {
    World world;
    bool requested[kTabs];
    bool expired;
    bool faulted;
  };

  // Both tabs are signed in, and nothing is under way.
  World root(std::size_t trace_lines) const {
    Options options = options_;
    options.faults = false;
    options.tabs = kTabs;
    if (!options.mode) options.mode = Mode::bearer;
    if (!options.storage) options.storage = StorageKind::shared_async;
    Settings settings = settle(options, 1);
    settings.server = ServerSettings{};
    settings.server.grace = options.grace.value_or(60'000);
    settings.client.keep_alive = false;
    settings.client.leeway = 0;
    settings.wrong_clocks = false;
    World world(settings, trace_lines);
    world.queue_ = Queue{};
    world.unordered_ = true;
    world.trace_.start_folding(kTabs);
    for (std::uint8_t i = 0; i < kTabs; i++) {
      world.tabs_[i].offset = 0;
      world.tabs_[i].rate = 1;
      world.open(i);
    }
    settle_down(world);
    world.sign_in(0, 1);
    settle_down(world);
    return world;
  }

  static void settle_down(World& world) {
    for (;;) {
      const auto& events = world.queue_.all();
      std::size_t place = 0;
      while (place < events.size() && events[place].what == Happening::timer) place++;
      if (place == events.size()) return;
      world.dispatch(world.queue_.take(place));
    }
  }

  // ---- what may be next

  static std::vector<Choice> choices(const State& state) {
    std::vector<Choice> found;
    const World& world = state.world;
    const auto& events = world.queue_.all();
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
    for (std::uint8_t tab = 0; tab < kTabs; tab++) {
      if (!state.requested[tab] && world.tabs_[tab].awake()) found.push_back({Move::request, tab});
    }
    if (!state.expired) found.push_back({Move::expiry, 0});
    if (!state.faulted) add_faults(world, others, found);
    if (!others) {
      const std::uint32_t next = first_timer(world);
      if (next < events.size()) found.push_back({Move::event, next});
    }
    return found;
  }

  static void add_faults(const World& world, bool others, std::vector<Choice>& found) {
    const auto& events = world.queue_.all();
    for (std::uint32_t place = 0; others && place < events.size(); place++) {
      if (events[place].what == Happening::timer && is_live(world, events[place])) {
        found.push_back({Move::early_timer, place});
      }
    }
    for (std::uint8_t tab = 0; tab < kTabs; tab++) {
      if (!world.tabs_[tab].awake()) continue;
      for (const Move move : {Move::crash, Move::freeze, Move::sign_out, Move::sign_in}) {
        found.push_back({move, tab});
      }
    }
    // Without storage events nobody would learn of it before the next refresh.
    if (world.settings_.storage == StorageKind::shared) found.push_back({Move::clear_storage, 0});
    for (std::uint32_t i = 0; i < std::size(kArmed); i++) found.push_back({Move::arm, i});
  }

  static bool is_live(const World& world, const Event& timer) {
    const Tab& tab = world.tabs_[timer.tab];
    return tab.alive && timer.life == tab.life && timer.a == tab.timer_serial;
  }

  static std::uint32_t first_timer(const World& world) {
    const auto& events = world.queue_.all();
    std::uint32_t first = static_cast<std::uint32_t>(events.size());
    for (std::uint32_t place = 0; place < events.size(); place++) {
      if (!is_live(world, events[place])) continue;
      if (first == events.size() || events[place].at < events[first].at) first = place;
    }
    return first;
  }

  static void take(State& state, const Choice& choice) {
    World& world = state.world;
    world.chance_ = Chance(1);
    const auto tab = static_cast<std::uint8_t>(choice.which);
    state.faulted |= choice.move >= Move::early_timer;
    switch (choice.move) {
      case Move::event:
      case Move::early_timer: {
        const Event event = world.queue_.take(choice.which);
        world.now_ = std::max(world.now_, event.at);
        return world.dispatch(event);
      }
      case Move::request:
        state.requested[tab] = true;
        return world.begin_call(tab, RequestKind::fetch, 0);
      case Move::expiry:
        state.expired = true;
        world.now_ += world.settings_.server.access_life;
        return;
      case Move::crash:
        world.excuse_tab(tab, Fault::crash);
        return world.gone(tab);
      case Move::freeze:
        return world.freeze(tab, false, 0);
      case Move::sign_out:
        return world.sign_out(tab);
      case Move::sign_in:
        return world.sign_in(tab, 2);
      case Move::clear_storage:
        world.sessions_over_.insert(world.storage_.record.session);
        world.storage_.clear();
        return world.tell_storage_event(kWorld);
      case Move::arm:
        world.armed_ = kArmed[choice.which];
        return;
    }
  }

  // ---- the same world again?

  static std::uint64_t hash_of(const State& state) {
    const World& world = state.world;
    std::uint64_t hash = 1;
    const auto add = [&hash](std::uint64_t value) { hash = mix(hash, value); };
    add(static_cast<std::uint64_t>(world.now_));
    add(static_cast<std::uint64_t>(world.armed_));
    for (const bool flag : {state.requested[0], state.requested[1], state.expired, state.faulted}) {
      add(flag);
    }
    for (std::uint8_t i = 0; i < kTabs; i++) {
      const Tab& tab = world.tabs_[i];
      add(world.trace_.seen()[i]);
      add(static_cast<std::uint64_t>(tab.alive) << 1 | static_cast<std::uint64_t>(tab.frozen));
      add(tab.life);
      add(tab.deferred.size());
      for (const Event& event : tab.deferred) add(hash_event(world, event));
      add(tab.storage_tasks.size());
      for (const StorageTask& task : tab.storage_tasks) {
        add(static_cast<std::uint64_t>(task.kind) << 1 | static_cast<std::uint64_t>(task.found));
        add(hash_text(task.data));
      }
    }
    add(hash_text(world.storage_.text.value_or("-")));
    const auto& holder = world.locks_.holder();
    add(holder ? holder->tab * 1'000'000u + holder->ticket : 77u);
    std::uint64_t in_any_order = 0;
    std::uint64_t in_order = 0;
    for (const Event& event : world.queue_.all()) {
      if (event.what == Happening::timer && !is_live(world, event)) continue;
      const std::uint64_t one = hash_event(world, event);
      in_any_order += one;
      if (event.what == Happening::message) in_order = mix(in_order, one);
    }
    add(in_any_order);
    add(in_order);
    add(world.server_.families());
    for (std::uint32_t family = 1; family < world.server_.families(); family++) {
      add(world.server_.family(family).current);
      add(world.server_.family(family).revoked);
    }
    return hash;
  }

  static std::uint64_t hash_text(std::string_view text) {
    std::uint64_t hash = text.size();
    for (const char c : text) hash = mix(hash, static_cast<unsigned char>(c));
    return hash;
  }

  static std::uint64_t hash_event(const World& world, const Event& event) {
    std::uint64_t hash = static_cast<std::uint64_t>(event.what) << 8 | event.tab;
    hash = mix(hash, event.life);
    if (event.what == Happening::timer) hash = mix(hash, static_cast<std::uint64_t>(event.at));
    if (event.what == Happening::message) return mix(hash, hash_text(world.messages_[event.a]));
    if (event.what == Happening::redeem || event.what == Happening::redeemed) {
      const World::Job& job = world.jobs_[event.a];
      hash = mix(hash, job.ticket * 4u + static_cast<unsigned>(job.cancelled));
      hash = mix(hash, job.refresh);
      return mix(mix(hash, job.status), hash_text(job.body));
    }
    return mix(mix(hash, event.a), event.b);
  }

  // ---- the search

  void visit(State state) {
    if (failed_ || !seen_.insert(hash_of(state)).second) return;
    tell();
    deepest_ = std::max(deepest_, path_.size());
    const std::vector<Choice> next = choices(state);
    const bool under_way = std::any_of(
        next.begin(), next.end(), [](const Choice& choice) { return choice.move == Move::event; });
    if (!under_way && state.requested[0] && state.requested[1] && state.expired) {
      // An end: but for the fault, which need not come.
      ends_++;
      check_end(state);
    }
    for (std::size_t i = 0; i < next.size() && !failed_; i++) {
      path_.push_back(static_cast<std::uint32_t>(i));
      State after = state;
      take(after, next[i]);
      transitions_++;
      if (after.world.violation_.found) {
        report(after.world.violation_.invariant, after.world.violation_.detail);
      } else {
        visit(std::move(after));
      }
      path_.pop_back();
    }
  }

  // People come back to their tabs, then all must agree.
  void check_end(State state) {
    for (std::uint8_t i = 0; i < kTabs; i++) {
      if (state.world.tabs_[i].alive) state.world.wake(i);
    }
    settle_down(state.world);
    for (std::uint8_t i = 0; i < kTabs; i++) {
      if (!state.world.tabs_[i].alive) continue;
      const World::Reckoning found = state.world.reckon_tab(i);
      if (found.wrong) return report(found.invariant, found.detail);
    }
    if (state.world.locks_.holder()) report(Invariant::no_deadlock, "the lock is held");
  }

  // The same way again, noting down what happens.
  void report(Invariant invariant, const std::string& detail) {
    failed_ = true;
    State state{root(4'096), {}, false, false};
    for (const std::uint32_t step : path_) take(state, choices(state)[step]);
    std::printf("\nVIOLATED %s: %s\n  %s\nall its steps:\n%s\n", name_of(invariant),
                sentence_of(invariant), detail.c_str(), state.world.trace_.text(4'000).c_str());
  }

  void tell() {
    if (seen_.size() % 200'000 != 0) return;
    std::printf("  %zu states, %llu ends, %.0f s\n", seen_.size(),
                static_cast<unsigned long long>(ends_),
                std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count());
    std::fflush(stdout);
  }

  const Options options_;
  std::chrono::steady_clock::time_point begin_;
  std::unordered_set<std::uint64_t> seen_;
  std::vector<std::uint32_t> path_;
  std::uint64_t transitions_ = 0;
  std::uint64_t ends_ = 0;
  std::size_t deepest_ = 0;
  bool failed_ = false;
};

int explore(const Options& options) { return Explorer(options).run(); }

}  // namespace bearerkit::sim
