// The five decision tables in one form, and all combinations of what they ask for.
#pragma once

#include <cstddef>
#include <vector>

#include "machine/answer_table.h"
#include "machine/refresh_table.h"
#include "machine/request_table.h"
#include "machine/stored_table.h"
#include "machine/waiter_table.h"

namespace bearerkit::test {

// ---- all values, and all combinations -------------------------------------------------------

template <typename Value>
std::vector<Value> values(std::size_t count) {
  std::vector<Value> all;
  for (std::size_t i = 0; i < count; i++) all.push_back(static_cast<Value>(i));
  return all;
}

#define BEARERKIT_ONE(...) +1
inline const auto kStandings = values<Standing>(0 BEARERKIT_STANDINGS(BEARERKIT_ONE));
inline const auto kKinds = values<RequestKind>(0 BEARERKIT_REQUEST_KINDS(BEARERKIT_ONE));
inline const auto kFreshness = values<Freshness>(0 BEARERKIT_FRESHNESS(BEARERKIT_ONE));
inline const auto kRefreshStates = values<RefreshState>(0 BEARERKIT_REFRESH_STATES(BEARERKIT_ONE));
inline const auto kBodies = values<Body>(0 BEARERKIT_BODIES(BEARERKIT_ONE));
inline const auto kUrgencies = values<Urgency>(0 BEARERKIT_URGENCIES(BEARERKIT_ONE));
inline const auto kEndpoints = values<Endpoint>(0 BEARERKIT_ENDPOINTS(BEARERKIT_ONE));
inline const auto kAttempts = values<Attempt>(0 BEARERKIT_ATTEMPTS(BEARERKIT_ONE));
inline const auto kSentWith = values<SentWith>(0 BEARERKIT_SENT_WITH(BEARERKIT_ONE));
inline const auto kWaiters = values<Waiter>(0 BEARERKIT_WAITERS(BEARERKIT_ONE));
inline const auto kEndings = values<Ending>(0 BEARERKIT_ENDINGS(BEARERKIT_ONE));
inline const auto kOwners = values<Owner>(0 BEARERKIT_OWNERS(BEARERKIT_ONE));
inline const auto kTokenStates = values<TokenState>(0 BEARERKIT_TOKEN_STATES(BEARERKIT_ONE));
inline const auto kStored = values<Stored>(0 BEARERKIT_STORED(BEARERKIT_ONE));
inline const auto kRunning = values<Running>(0 BEARERKIT_RUNNING(BEARERKIT_ONE));
inline const auto kPhases = values<Phase>(0 BEARERKIT_PHASES(BEARERKIT_ONE));
inline const auto kEvents = values<RefreshEvent>(0 BEARERKIT_REFRESH_EVENTS(BEARERKIT_ONE));
#undef BEARERKIT_ONE

struct RequestTable {
  static constexpr auto& rows = request_table::kRows;
  static bool matches(const RequestRow& row, const RequestFacts& seen) {
    return row.standing.has(seen.standing) && row.kind.has(seen.kind) &&
           row.freshness.has(seen.freshness) && row.refresh.has(seen.refresh) &&
           row.body.has(seen.body) && row.urgency.has(seen.urgency);
  }
  static auto result(const RequestRow& row) { return row.action; }
  static auto decide(const RequestFacts& seen) { return decide_request(seen); }
  static std::vector<RequestFacts> all() {
    std::vector<RequestFacts> all;
    for (const Standing standing : kStandings)
      for (const RequestKind kind : kKinds)
        for (const Freshness freshness : kFreshness)
          for (const RefreshState refresh : kRefreshStates)
            for (const Body body : kBodies)
              for (const Urgency urgency : kUrgencies)
                all.push_back({standing, kind, freshness, refresh, body, urgency});
    return all;
  }
};

struct AnswerTable {
  static constexpr auto& rows = answer_table::kRows;
  static bool matches(const AnswerRow& row, const AnswerFacts& seen) {
    return row.attempt.has(seen.attempt) && row.sent_with.has(seen.sent_with) &&
           row.body.has(seen.body) && row.refresh.has(seen.refresh) &&
           row.endpoint.has(seen.endpoint);
  }
  static auto result(const AnswerRow& row) { return row.action; }
  static auto decide(const AnswerFacts& seen) { return decide_answer(seen); }
  static std::vector<AnswerFacts> all() {
    std::vector<AnswerFacts> all;
    for (const Attempt attempt : kAttempts)
      for (const SentWith sent_with : kSentWith)
        for (const Body body : kBodies)
          for (const RefreshState refresh : kRefreshStates)
            for (const Endpoint endpoint : kEndpoints)
              all.push_back({attempt, sent_with, body, refresh, endpoint});
    return all;
  }
};

struct WaiterTable {
  static constexpr auto& rows = waiter_table::kRows;
  static bool matches(const WaiterRow& row, const WaiterFacts& seen) {
    return row.waiter.has(seen.waiter) && row.ending.has(seen.ending) &&
           row.owner.has(seen.owner) && row.token.has(seen.token);
  }
  static auto result(const WaiterRow& row) { return row.action; }
  static auto decide(const WaiterFacts& seen) { return decide_waiter(seen); }
  static std::vector<WaiterFacts> all() {
    std::vector<WaiterFacts> all;
    for (const Waiter waiter : kWaiters)
      for (const Ending ending : kEndings)
        for (const Owner owner : kOwners)
          for (const TokenState token : kTokenStates) all.push_back({waiter, ending, owner, token});
    return all;
  }
};

struct StoredTable {
  static constexpr auto& rows = stored_table::kRows;
  static bool matches(const StoredRow& row, const StoredFacts& seen) {
    return row.stored.has(seen.stored) && row.standing.has(seen.standing) &&
           row.refresh.has(seen.refresh);
  }
  static auto result(const StoredRow& row) { return row.action; }
  static auto decide(const StoredFacts& seen) { return decide_stored(seen); }
  static std::vector<StoredFacts> all() {
    std::vector<StoredFacts> all;
    for (const Stored stored : kStored)
      for (const Standing standing : kStandings)
        for (const Running refresh : kRunning) all.push_back({stored, standing, refresh});
    return all;
  }
};

struct RefreshFacts {
  Phase phase;
  RefreshEvent event;
};
struct RefreshResult {
  Phase next;
  RefreshAction action;
  Warning warning;
  bool operator==(const RefreshResult&) const = default;
};

struct RefreshTable {
  static constexpr auto& rows = refresh_table::kRows;
  static bool matches(const RefreshRow& row, const RefreshFacts& seen) {
    return row.phase.has(seen.phase) && row.event.has(seen.event);
  }
  static RefreshResult result(const RefreshRow& row) { return {row.next, row.action, row.warning}; }
  static std::vector<RefreshFacts> all() {
    std::vector<RefreshFacts> all;
    for (const Phase phase : kPhases)
      for (const RefreshEvent event : kEvents) all.push_back({phase, event});
    return all;
  }
};

}  // namespace bearerkit::test
