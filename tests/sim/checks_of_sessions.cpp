// The invariants about whose a session is, how often it is refreshed, and how it ends.
#include <algorithm>
#include <cmath>

#include "machine/lease.h"
#include "world_input.h"

namespace bearerkit::sim {
namespace {

// R11, E7: inside the margin a refresh has a cause, also by a clock that is a little fast.
constexpr Time kMargin = 30'000 + 1'000;
// One more may have been on its way, or be a tab's that knows no better: its storage has failed,
// its 401 is about the token before. More of them are a kind.
constexpr std::uint32_t kMostNeedless = 2;

// X11: session, generation and expiry, of 16 digits each.
std::uint64_t marked_generation(const Tab& tab) {
  return tab.mark.empty() ? 0 : session_in(tab.mark.substr(16, 16));
}

// What another tab says within it is there in time.
constexpr Time kMessageInTime = 40;

// R6
constexpr std::uint32_t kTriesAtLeast = 3;
constexpr Time kPatience = 90'000 - 1'000;
constexpr std::uint32_t kTriesAtMost = 8;
constexpr Time kLongestDead = 600'000;
constexpr Time kOutlived = 180'000;

}  // namespace

// ---- whose it is ------------------------------------------------------------------------------

void World::check_user(std::uint8_t index, const Call& call, std::uint32_t family) {
  if (!settings_.server.names_users || call.family == kNone || call.while_starting) return;
  if (server_.user_of(family) != server_.user_of(call.family)) {
    fail(Invariant::sent_as_another, index);
  }
}

// ---- one refresh for all tabs -----------------------------------------------------------------

// A tab that is asked for it can tell what it has: it was awake when the turn began.
bool World::can_tell(const Tab& tab, std::uint8_t index) const {
  const Tab& asks = tabs_[index];
  const Time asked = settings_.locks ? asks.lock_since : asks.lock_wanted;
  return &tab != &asks && tab.awake() && !tab.closing && tab.awake_since <= asked;
}

// With a storage of its own each tab may have a session of its own for the one cookie. Of the same
// one it counts the generations by itself, and takes what it can tell to be newer.
bool World::would_take_from(const Tab& holder, const Tab& tab) const {
  const StoredRecord& theirs = holder.own_storage->record;
  const StoredRecord& own = tab.own_storage->record;
  return theirs.session == own.session && theirs.generation > own.generation;
}

bool World::can_be_handed_over(std::uint8_t index, std::uint32_t access) const {
  const AccessToken& token = server_.access(access);
  if (settings_.mode == Mode::cookie) {
    const Tab& holder = tabs_[token.taken_by];
    return token.taken && can_tell(holder, index) && holder.life == token.taken_life;
  }
  return std::any_of(tabs_.begin(), tabs_.end(), [&](const Tab& tab) {
    return (settings_.shared() || would_take_from(tab, tabs_[index])) && can_tell(tab, index) &&
           tab.told.signed_in && tab.token == access;
  });
}

// X11: it has waited for the newest tokens of all, which another tab had when its turn began.
void World::check_unsent(std::uint8_t index) {
  // It may have slept; and who goes hears nobody any more.
  if (tabs_[index].interruptions != 0 || tabs_[index].closing) return;
  std::uint64_t newest = 0;
  bool told = false;
  for (const Tab& tab : tabs_) {
    if (!holds_newer(tab, index) || marked_generation(tab) < newest) continue;
    told = can_tell(tab, index) || (told && marked_generation(tab) == newest);
    newest = marked_generation(tab);
  }
  if (told) fail(Invariant::told_tokens_taken, index);
}

// A refresh beside a token that is good, known, and not refused.
bool World::is_needless(std::uint8_t index, std::uint32_t refresh) {
  if (!settings_.shares_tokens() || settings_.wrong_clocks || refresh == kNone) return false;
  if (settings_.server.date_error != 0 && settings_.server.tells_date) return false;
  const auto is_set = [](const Tab& tab) { return tab.offset != 0; };
  if (std::any_of(tabs_.begin(), tabs_.end(), is_set)) return false;
  Tab& tab = tabs_[index];
  const RefreshToken& redeemed = server_.refresh(refresh);
  const std::uint32_t access = server_.family(redeemed.family).newest;
  const Time margin = std::min(kMargin, settings_.server.access_life / 4 + 1'000);
  const bool has_cause = now_ + margin >= server_.access(access).expires || tab.asked != 0 ||
                         (tab.causes.unauthorized != 0 && tab.causes.refused == access);
  if (has_cause) tab.outdone = access;
  const bool tries_again = tab.outdone == access;
  const bool troubled =
      redeemed.excuse != Fault::none || tab.interruptions != 0 || tab.storage_failed;
  return !tries_again && !troubled && can_be_handed_over(index, access);
}

// The server has given tokens for it.
void World::check_needless(const Job& job, std::uint32_t before) {
  if (!job.needless || job.grant.replayed) return;
  const std::uint32_t needless = server_.access(before).needless + 1;
  server_.access(job.grant.access).needless = needless;
  if (needless > kMostNeedless) {
    fail(Invariant::one_refresh_per_expiry, job.tab,
         "another tab had access token " + std::to_string(before));
  }
}

// X11: a mark tells of newer tokens of its session, since before its turn began.
bool World::holds_newer(const Tab& tab, std::uint8_t index) const {
  const Tab& looks = tabs_[index];
  const bool there = tab.alive && !tab.mark_given_up && tab.marked_at <= looks.lock_since;
  const bool ours = &tab != &looks && tab.family == looks.family && looks.family != kNone;
  return there && ours && marked_generation(tab) > looks.machine->generation();
}

// Something that another tab has said.
bool World::is_under_way(std::uint8_t index) const {
  const auto& events = queue_.all();
  return std::any_of(events.begin(), events.end(), [&](const Event& event) {
    return event.what == Happening::message && event.tab == index;
  });
}

// A copy of a storage is older than what its tabs have redeemed since. It is the core's to know
// only while one of them is there to tell, and its word does not take too long.
void World::check_copy(std::uint8_t index, std::uint32_t refresh) {
  if (settings_.mode != Mode::bearer || settings_.rate(Fault::duplicated) == 0) return;
  const RefreshToken& token = server_.refresh(refresh);
  const Family& family = server_.family(token.family);
  if (refresh == kNone || refresh == family.current) return;
  // X9, X11: whose successor is there for all to see, though its tab may say nothing.
  const bool withheld = std::any_of(tabs_.begin(), tabs_.end(),
                                    [&](const Tab& tab) { return holds_newer(tab, index); });
  if (withheld && settings_.client.hands_over() && tabs_[index].interruptions == 0) {
    fail(Invariant::redeemed_twice, index, "a mark tells of its successor");
  }
  const auto has_it = [&](const Tab& tab) {
    const bool newest = server_.access(tab.token).refresh == family.current;
    return newest && tab.token != kNone && can_tell(tab, index);
  };
  const auto holder = std::find_if(tabs_.begin(), tabs_.end(), has_it);
  const bool nobody = holder == tabs_.end();
  const auto place = static_cast<std::uint8_t>(holder - tabs_.begin());
  const bool slow = now_ - server_.access(family.newest).taken_at > kMessageInTime &&
                    (is_under_way(index) || (!nobody && is_under_way(place)));
  // Whatever else has happened to it: nobody can tell.
  if (nobody || slow) server_.refresh(refresh).excuse = Fault::duplicated;
}

// ---- whose turn it is -------------------------------------------------------------------------

void World::check_false_steal(std::uint8_t index) {
  const auto& place = locks_.holder();
  if (!place || place->tab == index) return;
  const Tab& tab = tabs_[index];
  const Tab& holder = tabs_[place->tab];
  // A clock that was set back hides from its tab how long ago it has given a sign.
  const Time last_sign = std::max(holder.lock_since, holder.last_message);
  const bool by_a_right_clock = std::max(tab.clock_set, holder.clock_set) < tab.lock_wanted &&
                                holder.clock_set <= last_sign && tab.interruptions == 0;
  if (!by_a_right_clock || !holder.awake() || holder.life != place->life) return;
  const Time sign = std::max({holder.lock_since, holder.last_message, holder.awake_since});
  const auto patience = static_cast<Time>(0.9 * settings_.client.lock_timeout);
  constexpr Time kUnderWay = 100;  // nobody has heard it yet
  const bool fresh = now_ - std::max(sign, lock_granted_at_) <= kUnderWay;
  if (now_ - sign < patience && !fresh && !is_under_way(index)) {
    fail(Invariant::no_false_steal, index,
         "tab " + std::to_string(place->tab) + " gave one " + std::to_string(now_ - sign) +
             " ms ago");
  }
}

// X4: a lease that has not run out yet is another tab's.
void World::note_claim(std::uint8_t index, std::string_view claim) {
  Tab& tab = tabs_[index];
  const std::string seen = tab.lease_seen.value_or("");
  const double now = local(tab);
  const double end = lease_end(seen);
  const bool holds = now < end && end <= now + settings_.client.lock_timeout;
  if (holds && seen != tab.lease && !tab.told_of_steal) {
    fail(Invariant::steal_told, index, "a lease was overwritten");
  }
  tab.claimed = claim;
}

// ---- a reload in the middle of a refresh ------------------------------------------------------

// Where a page finds the note that a refresh is under way.
bool World::keeps_note(std::uint8_t index, const RefreshToken& token) const {
  if (storage_failed_ || settings_.storage == StorageKind::memory) return false;
  if (settings_.storage == StorageKind::shared_async) return false;  // its write goes with its page
  if (settings_.shared() && flight_.seen_from(index) > now_) return false;
  // It takes its time to get to the others.
  const bool seen = index == token.reloaded_tab || now_ - token.sent_at > settings_.lag;
  // It has a time, by the one clock of the device.
  constexpr double kApart = 200;
  const double behind = local(tabs_[token.reloaded_tab]) - local(tabs_[index]);
  const bool one_clock = std::fabs(behind) < kApart;
  // E5: one that is to last longer than it may is of another clock.
  const bool too_long = behind > static_cast<double>(now_ - token.sent_at);
  if (!one_clock || too_long || !seen || tabs_[index].clock_set > token.sent_at) return false;
  return settings_.shared() || index == token.reloaded_tab;
}

void World::check_reload(std::uint8_t index, RefreshToken& token) {
  if (token.excuse != Fault::reload_in_flight) return;
  if (!settings_.server.rotates) return;  // nothing is lost by it
  constexpr Time bound = 2'700;           // of three seconds, by its clock (R25)
  const bool waited = now_ - token.sent_at >= bound;
  if (!waited && keeps_note(index, token)) return fail(Invariant::rotation_kept, index);
  token.excuse = Fault::gave_up;
}

// ---- how it ends ------------------------------------------------------------------------------

void World::note_refusal(Tab& tab, const Job& job, bool is_unclear) {
  const bool elsewhere = job.fault == Fault::rotated_elsewhere;
  tab.rotated_elsewhere = elsewhere ? tab.rotated_elsewhere + 1 : 0;
  Unclear& unclear = tab.unclear;
  unclear.last = is_unclear;
  if (job.succeeded()) unclear = Unclear{};
  if (!is_unclear) unclear.in_row = 0;
  if (!is_unclear) return;
  if (unclear.tries++ == 0) unclear.since = now_;
  if (unclear.in_row++ == 0) unclear.in_row_since = now_;
}

// No new token, no other answer, and the last token is long over.
void World::check_dead(std::uint8_t index) {
  const Tab& tab = tabs_[index];
  if (!tab.alive || !tab.told.signed_in || tab.unclear.in_row < kTriesAtMost) return;
  // R18: it ends with its token; or it is about to end, once the storage has been read (R7).
  if (tab.no_more_tokens || tab.machine->refreshing()) return;
  const bool outlived = now_ >= server_.access(tab.token).expires + kOutlived;
  const bool by_a_right_clock = tab.clock_set < tab.unclear.in_row_since;
  if (outlived && by_a_right_clock && now_ - tab.unclear.in_row_since >= kLongestDead) {
    fail(Invariant::no_dead_session, index,
         std::to_string(tab.unclear.in_row) + " tries were refused in a row");
  }
}

// By its last refresh, for good.
bool World::was_refused(const Tab& tab) const {
  return tab.redeeming.active && (tab.answer_was_terminal || tab.unclear.last);
}

// Now, or when its token runs out.
void World::check_rejected(std::uint8_t index) {
  const Tab& tab = tabs_[index];
  if (tab.no_more_tokens) return;
  const Unclear& unclear = tab.unclear;
  const bool by_a_right_clock = tab.clock_set < unclear.since;
  if (unclear.last && by_a_right_clock &&
      (unclear.tries < kTriesAtLeast || now_ - unclear.since < kPatience)) {
    fail(Invariant::patience, index, std::to_string(unclear.tries) + " tries");
  }
  const std::uint32_t family = server_.refresh(cookie_refresh_).family;
  const bool same = server_.refresh(tab.redeeming.refresh).family == family;
  // R24: once, for whatever reason it is refused.
  if (tab.rotated_elsewhere == 1 && tab.refusals == 1 && same && !server_.family(family).revoked) {
    fail(Invariant::ended_alive, index);
  }
}

}  // namespace bearerkit::sim
