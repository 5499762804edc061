// The world of one run: tabs, what they share, the network, the server, the users, the faults. Time
// goes from event to event; each is carried out to its end, then the invariants are looked at.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "invariants.h"
#include "platform.h"
#include "pool.h"
#include "queue.h"
#include "random.h"
#include "server.h"
#include "settings.h"
#include "stats.h"
#include "tab.h"
#include "trace.h"

namespace bearerkit::sim {

struct Violation {
  bool found = false;
  Invariant invariant{};
  std::uint8_t tab = kWorld;
  Time at = 0;
  std::uint64_t events = 0;
  std::string detail;
};

class World {
 public:
  explicit World(const WorldSettings& settings, std::size_t trace_lines);

  // Until so many events have happened, or an invariant is violated.
  void run(std::uint64_t events);

  const Violation& violation() const { return violation_; }
  const Stats& stats() const { return stats_; }
  const Trace& trace() const { return trace_; }
  const WorldSettings& settings() const { return settings_; }

 private:
  friend class SmallWorld;

  // What is wrong with a tab when all should agree.
  struct Reckoning {
    bool wrong = false;
    Invariant invariant{};
    const char* detail = "";
  };

  // A refresh on its way.
  struct Job {
    bool used = false;
    bool cancelled = false;
    bool given_up = false;  // the same, but what the app's own function does may go on
    bool got_there = false;
    std::uint8_t tab = 0;
    std::uint16_t life = 0;
    RunId run = 0;
    std::uint32_t refresh = kNone;
    std::uint32_t family = kNone;
    Fault fault = Fault::none;
    Fault blame = Fault::none;  // the tab's storage was of no use when it was sent
    std::uint32_t status = 0;   // of the answer; 0: none
    Grant grant;
    std::string body;
    bool needless = false;          // see one_refresh_per_expiry
    bool unclear = false;           // Fault::unclear
    bool kept_alive = false;        // Fault::reload_in_flight: its cookie is taken without its page
    std::int64_t retry_after = -1;  // seconds
    Time date = 0;                  // seconds since 1970, by the server's own word; 0: none

    bool succeeded() const { return status == 200 && grant.granted && fault == Fault::none; }
  };

  // ---- world.cpp: time
  void dispatch(const Event& event);
  void schedule(Time delay, Happening what, std::uint8_t tab, std::uint32_t a = 0,
                std::uint32_t b = 0);
  double local(const Tab& tab) const;
  Time delay(std::int64_t typical);
  void begin_calm();
  void begin_chaos();
  void strike_by_chance();
  void probe();
  void reckon(std::uint32_t again);
  void look_again(std::uint32_t again);
  Reckoning reckon_tab(std::uint8_t index) const;
  void fail(Invariant invariant, std::uint8_t tab, std::string detail = {});

  // ---- driver.cpp: what js/driver/driver.ts and performer.ts do
  void input(std::uint8_t index, const Input& input);
  void drain(std::uint8_t index);
  void perform(std::uint8_t index, const Effect& effect);
  void send_waiting(std::uint8_t index, const Effect::Send& send, const Text& token);
  void end_waiting(std::uint8_t index, RequestId request, ErrorCode error, bool delivered);
  void revoke(std::uint8_t index, const Effect& effect);
  void after_effects(std::uint8_t index);
  void note_token(std::uint8_t index);
  void fire_timer(std::uint8_t index, std::uint32_t serial);

  // ---- told.cpp
  void tell(std::uint8_t index, const Effect& effect);
  void told_signed_in(std::uint8_t index, SignInSource source);
  void told_signed_out(std::uint8_t index, SignOutReason reason);
  void told_refreshed(std::uint8_t index, const Effect::Refreshed& refreshed);
  bool was_refused(const Tab& tab) const;
  void told_refresh_failed(std::uint8_t index, double retry_at);
  void told_warning(std::uint8_t index, Warning code);

  // ---- between_tabs.cpp
  void acquire_lock(std::uint8_t index, const Effect& effect);
  void release_lock(std::uint8_t index, RunId run);
  void grant(const Locks::Granted& granted);
  void lease_task(std::uint8_t index, LeaseTask task);
  void do_lease_task(std::uint8_t index, LeaseTask task);
  void lease_removed(std::uint8_t index);
  void answer_lease(std::uint8_t index, const LeaseTask& task);
  void lease_done(std::uint8_t index, std::uint32_t place);
  void write_lease(std::uint8_t index, std::optional<std::string> text);
  void write_flight(std::uint8_t index, std::optional<std::string> text);
  ReadOutcome read_flight(std::uint8_t index, std::string& found);
  void lose_turns(Fault fault);
  void send_message(std::uint8_t index, std::string_view message);
  void note_sign_of_life(Tab& tab) const;
  void deliver_message(std::uint8_t index, std::uint32_t message);

  // ---- storage.cpp
  StorageKey& storage_of(std::uint8_t index);
  SharedText::Lags draw_lags();
  void storage_task(std::uint8_t index, StorageTask task);
  void start_storage_task(std::uint8_t index);
  void storage_effect(std::uint8_t index);
  void storage_done(std::uint8_t index);
  void keep_account_of_loss(std::uint8_t index);
  void keep_account_of_lost_write(std::uint8_t index, const StorageTask& task);
  void do_write(std::uint8_t index, const StorageTask& task);
  ReadOutcome read_now(std::uint8_t index, std::string& found);
  bool unseen(const StorageTask& task, const StorageKey& storage) const;
  void keep_account_of_race(const StorageTask& task, const StorageKey& before);
  void do_remove(std::uint8_t index);
  void answer_read(std::uint8_t index, const StorageTask& task, ReadOutcome outcome,
                   const std::string& text);
  void tell_storage_event(std::uint8_t from);

  // ---- calls.cpp
  bool network_down() const { return now_ < outage_until_; }
  bool hits(Fault fault);
  void send_call(std::uint8_t index, std::uint32_t call, std::uint32_t flags, std::uint32_t token,
                 std::uint32_t version);
  void serve_call(const Event& event);
  void note_401(Tab& tab, const Call& call);
  bool is_to_be_heeded(const Tab& tab, const Call& call) const;
  void answer_call(const Event& event);

  // ---- refreshes.cpp, token_endpoint.cpp
  std::uint32_t token_for(const Tab& tab, std::string_view text) const;
  void redeem(std::uint8_t index, const Effect& effect);
  void send_redeem(std::uint32_t job);
  void serve_redeem(std::uint32_t job);
  Time grant_tokens(Job& job);
  void account_for_reuse(const Job& job);
  void take_cookies(const Job& job);
  void answer_redeem(const Event& event);
  void note_end(Tab& tab, bool refused);
  void give_answer(std::uint8_t index, const Job& job, bool awaited);
  void note_own_token(Tab& tab, std::uint32_t access);
  void cancel_redeem(std::uint8_t index, RunId run);
  void free_job(std::uint32_t job);
  Fault blame_of(std::uint8_t index, std::uint32_t refresh);
  void excuse(std::uint32_t refresh, Fault fault);
  void excuse_tab(std::uint8_t index, Fault fault);

  // ---- user.cpp
  void act(std::uint8_t index);
  void begin_call(std::uint8_t index, RequestKind kind, std::uint32_t flags, bool probe = false);
  void abort_call(std::uint8_t index, std::uint32_t call, std::uint32_t serial);
  void end_call(std::uint8_t index, std::uint32_t call);
  void ask_with_refused_token(std::uint8_t index);
  void sign_in(std::uint8_t index, std::uint32_t user);
  void sign_out(std::uint8_t index);
  std::uint32_t call_of(Tab& tab, std::uint32_t core_id);
  void watch(std::uint8_t index, std::uint32_t call);
  void look_at(const Event& event);

  // ---- faults.cpp
  void open(std::uint8_t index);
  void gone(std::uint8_t index, Time back = -1);
  void strike(Fault fault);
  void freeze(std::uint8_t index, bool cached, Time how_long);
  void wake(std::uint8_t index);
  void clear_storage(std::uint8_t index);
  void set_clock(Tab& tab, double jump);
  void jump_clock(std::uint8_t index);
  void break_storage(std::uint8_t index, Fault fault);
  std::uint8_t any_awake();
  void count(Fault fault) { stats_.faults[static_cast<std::size_t>(fault)]++; }

  // ---- elsewhere.cpp
  void replace_cookie();
  void duplicate(std::uint8_t source);
  bool rotate_elsewhere(Job& job);
  void refuse_unclearly(Job& job);
  void reload_in_flight(std::uint8_t index, RunId run);

  // ---- checks_of_sessions.cpp
  void check_user(std::uint8_t index, const Call& call, std::uint32_t family);
  bool keeps_note(std::uint8_t index, const RefreshToken& token) const;
  void check_reload(std::uint8_t index, RefreshToken& token);
  bool can_tell(const Tab& tab, std::uint8_t index) const;
  bool would_take_from(const Tab& holder, const Tab& tab) const;
  bool can_be_handed_over(std::uint8_t index, std::uint32_t access) const;
  void check_unsent(std::uint8_t index);
  bool is_needless(std::uint8_t index, std::uint32_t refresh);
  void check_needless(const Job& job, std::uint32_t before);
  bool is_under_way(std::uint8_t index) const;
  bool holds_newer(const Tab& tab, std::uint8_t index) const;
  void check_copy(std::uint8_t index, std::uint32_t refresh);
  void check_false_steal(std::uint8_t index);
  void note_claim(std::uint8_t index, std::string_view claim);
  void note_refusal(Tab& tab, const Job& job, bool unclear);
  void check_dead(std::uint8_t index);
  void check_rejected(std::uint8_t index);

  // ---- checks.cpp
  void check_send(std::uint8_t index, const Call& call, std::uint32_t flags, std::uint32_t token);
  bool has_cause(const Tab& tab) const;
  void judge(std::uint8_t index);
  void check_redeem(std::uint8_t index, std::uint32_t refresh);
  void check_steal(std::uint8_t index);
  void check_signed_out(std::uint8_t index, SignOutReason reason);
  bool knows_end(const Tab& tab, std::uint32_t family) const;
  void check_write(std::uint8_t index, const StorageTask& task, const StorageKey& before);
  void check_remove(std::uint8_t index, const StorageTask& task);
  void check_token_set(std::uint8_t index, const Effect& effect);
  void check_given_up(std::uint8_t index, const Redeeming& refresh);
  void check_probe(std::uint8_t index, const Call& call);
  void check_state(std::uint8_t index);

  WorldSettings settings_;
  Chance chance_;
  Queue queue_;
  Time now_ = 0;
  std::uint64_t events_ = 0;
  Violation violation_;
  Stats stats_;
  Trace trace_;

  std::vector<Tab> tabs_;
  Time lock_granted_at_ = 0;
  Locks locks_;
  ChannelOrder channel_;
  StorageKey storage_;
  SharedText views_;  // of it
  SharedText lease_;
  SharedText flight_;
  // Those that a tab said to be over, or that others replaced or cleared in the storage.
  std::unordered_set<std::uint64_t> sessions_over_;
  Server server_;
  std::uint32_t cookie_refresh_ = kNone;  // hybrid and cookie mode: one jar for all tabs
  std::uint32_t cookie_access_ = kNone;

  Pool<Job> jobs_;
  Pool<std::string> messages_;
  Pool<LeaseTask> lease_tasks_;
  std::uint64_t machine_seeds_ = 0;
  bool storage_failed_ = false;  // of some tab, at some time
  Time last_sign_out_ = -1;
  Time outage_until_ = 0;
  Time unclear_until_ = 0;
  bool calm_ = false;
  bool quiet_ = false;  // in the calm, after the apps have stopped calling
  // Exhaustive mode: time passes only where it is told to, and faults happen when they are armed.
  bool unordered_ = false;
  Fault armed_ = Fault::none;
  std::uint32_t calm_serial_ = 0;
};

}  // namespace bearerkit::sim
