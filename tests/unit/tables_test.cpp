// The decision tables by themselves: complete, without rows that decide nothing, and with what the
// rules ask for.
#include "tables.h"

#include <gtest/gtest.h>

#include <iterator>
#include <set>

namespace bearerkit::test {
namespace {

// ---- what all tables have in common ---------------------------------------------------------

constexpr std::size_t kNone = ~std::size_t{0};

// The first row from `begin` on that matches.
template <typename Table, typename Facts>
std::size_t match(const Facts& seen, std::size_t begin = 0) {
  for (std::size_t i = begin; i < std::size(Table::rows); i++) {
    if (Table::matches(Table::rows[i], seen)) return i;
  }
  return kNone;
}

// What a row says that no later row would say in its place: for how many combinations.
template <typename Table>
std::vector<int> decided_by_row() {
  std::vector<int> decided(std::size(Table::rows));
  for (const auto& seen : Table::all()) {
    const std::size_t row = match<Table>(seen);
    if (row == kNone) continue;
    const std::size_t without = match<Table>(seen, row + 1);
    if (without == kNone ||
        !(Table::result(Table::rows[without]) == Table::result(Table::rows[row]))) {
      decided[row]++;
    }
  }
  return decided;
}

template <typename Table>
class Tables : public ::testing::Test {};
using AllTables =
    ::testing::Types<RequestTable, AnswerTable, WaiterTable, StoredTable, RefreshTable>;
TYPED_TEST_SUITE(Tables, AllTables);

TYPED_TEST(Tables, NoRowStandsInTheShadowOfEarlierOnes) {
  std::set<std::size_t> reached;
  for (const auto& seen : TypeParam::all()) reached.insert(match<TypeParam>(seen));
  for (std::size_t row = 0; row < std::size(TypeParam::rows); row++) {
    EXPECT_TRUE(reached.contains(row)) << "row " << row;
  }
}

TYPED_TEST(Tables, EveryRowChangesAnAnswer) {
  const std::vector<int> decided = decided_by_row<TypeParam>();
  for (std::size_t row = 0; row < decided.size(); row++) {
    EXPECT_GT(decided[row], 0) << "row " << row;
  }
}

template <typename Table>
class CompleteTables : public ::testing::Test {};
// The refresh table says itself that a pair that is not listed changes nothing.
using TheCompleteTables = ::testing::Types<RequestTable, AnswerTable, WaiterTable, StoredTable>;
TYPED_TEST_SUITE(CompleteTables, TheCompleteTables);

TYPED_TEST(CompleteTables, EveryCombinationHasARowAndTheFirstOneDecides) {
  for (const auto& seen : TypeParam::all()) {
    const std::size_t row = match<TypeParam>(seen);
    ASSERT_NE(row, kNone);
    EXPECT_EQ(TypeParam::decide(seen), TypeParam::rows[row].action);
  }
}

// ---- requests -------------------------------------------------------------------------------

bool in_a_session(Standing standing) {
  return standing == Standing::presumed || standing == Standing::signed_in;
}

TEST(RequestRows, F8_F1_OnlyASessionChangesACall) {
  for (const RequestFacts& seen : RequestTable::all()) {
    const bool waits = seen.standing == Standing::starting && seen.urgency == Urgency::patient;
    if (waits) {
      EXPECT_EQ(decide_request(seen), RequestAction::wait);
    } else if (!in_a_session(seen.standing)) {
      EXPECT_EQ(decide_request(seen), RequestAction::send_plain);
    }
  }
}

TEST(RequestRows, R12_ASessionThatCannotBeRefreshedEndsWithItsTokenAndNoOtherDoes) {
  for (const RequestFacts& seen : RequestTable::all()) {
    const bool ends = in_a_session(seen.standing) && seen.kind != RequestKind::refresh &&
                      seen.freshness == Freshness::expired &&
                      seen.refresh == RefreshState::impossible && seen.urgency == Urgency::patient;
    EXPECT_EQ(decide_request(seen) == RequestAction::expire_session, ends);
  }
}

TEST(RequestRows, R1_R8_ARefreshBeginsOnlyWhereNoneRunsAndItsTimeHasCome) {
  for (const RequestFacts& seen : RequestTable::all()) {
    const RequestAction action = decide_request(seen);
    if (action != RequestAction::refresh_and_wait && action != RequestAction::send_and_refresh) {
      continue;
    }
    const bool asked = seen.kind == RequestKind::refresh;
    EXPECT_TRUE(seen.refresh == RefreshState::idle ||
                (asked && seen.refresh == RefreshState::backoff));
  }
}

TEST(RequestRows, F3_R11_WhatCanBeSentOnceIsNotSentInsideTheMarginIfItCanWait) {
  for (const RequestFacts& seen : RequestTable::all()) {
    if (!in_a_session(seen.standing) || seen.kind == RequestKind::refresh ||
        seen.freshness != Freshness::margin || seen.body != Body::one_shot) {
      continue;
    }
    const bool can_wait =
        seen.urgency == Urgency::patient &&
        (seen.refresh == RefreshState::idle || seen.refresh == RefreshState::running);
    EXPECT_EQ(decide_request(seen) == RequestAction::send, !can_wait);
  }
}

TEST(RequestRows, F10_ARequestThatCannotWaitNeverDoes) {
  for (const RequestFacts& seen : RequestTable::all()) {
    if (seen.urgency != Urgency::urgent || seen.kind == RequestKind::refresh) continue;
    const RequestAction action = decide_request(seen);
    EXPECT_TRUE(action == RequestAction::send || action == RequestAction::send_plain);
  }
}

// E6 stands beside the answer table: a refused token counts as expired.
TEST(RequestRows, E6_R11_NothingIsSentWithAnExpiredTokenWhileARefreshCanBeHad) {
  for (const RequestFacts& seen : RequestTable::all()) {
    if (!in_a_session(seen.standing) || seen.freshness != Freshness::expired) continue;
    if (seen.urgency == Urgency::urgent) continue;  // F10
    const RequestAction action = decide_request(seen);
    if (seen.refresh == RefreshState::idle) {
      EXPECT_EQ(action, RequestAction::refresh_and_wait);
    }
    if (seen.refresh == RefreshState::running) {
      EXPECT_EQ(action, RequestAction::wait);
    }
  }
}

// ---- waiters --------------------------------------------------------------------------------

TEST(WaiterRows, L2_NothingIsSentWithTheTokenOfAnotherSession) {
  for (const WaiterFacts& seen : WaiterTable::all()) {
    const WaiterAction action = decide_waiter(seen);
    if (seen.owner == Owner::this_session) continue;
    EXPECT_NE(action, WaiterAction::send);
    EXPECT_NE(action, WaiterAction::retry);
  }
}

TEST(WaiterRows, F6_OnlyANewTokenLeadsToARetryAndOnlyOfWhatWasAnswered) {
  for (const WaiterFacts& seen : WaiterTable::all()) {
    const bool again = seen.waiter == Waiter::answered && seen.ending == Ending::refreshed &&
                       seen.owner == Owner::this_session;
    EXPECT_EQ(decide_waiter(seen) == WaiterAction::retry, again);
  }
}

TEST(WaiterRows, R10_NothingIsSentForAClosedClient) {
  for (const WaiterFacts& seen : WaiterTable::all()) {
    if (seen.ending != Ending::closed) continue;
    const WaiterAction action = decide_waiter(seen);
    EXPECT_NE(action, WaiterAction::send);
    EXPECT_NE(action, WaiterAction::send_plain);
    EXPECT_NE(action, WaiterAction::retry);
  }
}

TEST(WaiterRows, F7_WhatWasAnsweredIsNeverAnErrorAndACallIsNeverSent) {
  for (const WaiterFacts& seen : WaiterTable::all()) {
    const WaiterAction action = decide_waiter(seen);
    const bool resolves = action == WaiterAction::resolve || action == WaiterAction::fail;
    if (seen.waiter == Waiter::answered) {
      EXPECT_FALSE(resolves);
    }
    if (seen.waiter == Waiter::token_call || seen.waiter == Waiter::refresh_call) {
      EXPECT_TRUE(resolves);
    }
  }
}

// ---- what is stored -------------------------------------------------------------------------

TEST(StoredRows, L1_AnEndedSessionIsNeverTakenUp) {
  for (const StoredFacts& seen : StoredTable::all()) {
    if (seen.stored != Stored::ended) continue;
    EXPECT_NE(decide_stored(seen), StoredAction::adopt);
    EXPECT_NE(decide_stored(seen), StoredAction::hand_over);
  }
}

TEST(StoredRows, X1_ARefreshThatHasItsTurnIsNotDisturbed) {
  for (const StoredFacts& seen : StoredTable::all()) {
    if (seen.refresh != Running::acts) continue;
    EXPECT_EQ(decide_stored(seen), StoredAction::nothing);
  }
}

TEST(StoredRows, S3_S4_OnlyWhoIsSignedInCanLoseASession) {
  for (const StoredFacts& seen : StoredTable::all()) {
    const StoredAction action = decide_stored(seen);
    if (action != StoredAction::doubt && action != StoredAction::end_corrupt) continue;
    EXPECT_EQ(seen.standing, Standing::signed_in);
    EXPECT_TRUE(seen.stored == Stored::missing || seen.stored == Stored::corrupt);
  }
}

TEST(StoredRows, C7_ANoIsNeverTakenUpAndIsWrittenOverNoSession) {
  for (const StoredFacts& seen : StoredTable::all()) {
    const StoredAction action = decide_stored(seen);
    if (seen.stored == Stored::refused) {
      EXPECT_TRUE(action == StoredAction::nothing || action == StoredAction::write_back);
      EXPECT_TRUE(action == StoredAction::nothing || seen.standing == Standing::signed_in);
    }
    if (action != StoredAction::remember) continue;
    EXPECT_EQ(seen.stored, Stored::missing);
    EXPECT_EQ(seen.standing, Standing::signed_out);
  }
}

TEST(StoredRows, R10_WhatCannotBeReadChangesNothing) {
  for (const StoredFacts& seen : StoredTable::all()) {
    if (seen.stored != Stored::unreadable && seen.stored != Stored::same) continue;
    EXPECT_EQ(decide_stored(seen), StoredAction::nothing);
  }
}

}  // namespace
}  // namespace bearerkit::test
