// One refresh: its phase, its number, and what it holds. What follows on what: refresh_table_test.
#include "machine/refresh.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace bearerkit {
namespace {

Record record_of(std::uint64_t session) {
  Record record;
  record.session = session;
  return record;
}

class RefreshTest : public ::testing::Test {
 protected:
  Refresh refresh;
  void go(std::initializer_list<RefreshEvent> events) {
    for (const RefreshEvent event : events) ASSERT_NE(refresh.step(event), nullptr);
  }
};

TEST_F(RefreshTest, NoneRunsAtFirst) {
  EXPECT_EQ(refresh.phase(), Phase::idle);
  EXPECT_FALSE(refresh.runs());
  EXPECT_EQ(refresh.deadline(), kNever);
  EXPECT_EQ(refresh.found().session, 0u);
  EXPECT_EQ(refresh.redeemed().session, 0u);
}

TEST_F(RefreshTest, AStepGivesItsRowAndGoesOn) {
  const RefreshRow* row = refresh.step(RefreshEvent::demand);
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->action, RefreshAction::acquire_lock);
  EXPECT_EQ(refresh.phase(), Phase::locking);
  EXPECT_TRUE(refresh.runs());
  row = refresh.step(RefreshEvent::time_up);
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->warning, Warning::lock_stolen);
  EXPECT_EQ(refresh.phase(), Phase::stealing);
}

TEST_F(RefreshTest, WhatIsNotListedChangesNothing) {
  go({RefreshEvent::demand});
  refresh.wait_until(5);
  EXPECT_EQ(refresh.step(RefreshEvent::stored), nullptr);
  EXPECT_EQ(refresh.step(RefreshEvent::demand), nullptr);
  EXPECT_EQ(refresh.phase(), Phase::locking);
  EXPECT_EQ(refresh.deadline(), 5);
}

TEST_F(RefreshTest, R10_TheTimeOfAPhaseEndsWithIt) {
  go({RefreshEvent::demand});
  refresh.wait_until(5);
  go({RefreshEvent::lock_granted});
  EXPECT_EQ(refresh.deadline(), kNever);
}

// ---- runs -----------------------------------------------------------------------------------

TEST_F(RefreshTest, L1_ACancelledRunIsOutOfDate) {
  go({RefreshEvent::demand});
  refresh.next_run();
  const RunId run = refresh.run();
  refresh.wait_until(5);
  refresh.cancel();
  EXPECT_NE(refresh.run(), run);
  EXPECT_EQ(refresh.phase(), Phase::idle);
  EXPECT_EQ(refresh.deadline(), kNever);
}

TEST_F(RefreshTest, WhereNoneRunsACancelLeavesTheNumber) {
  refresh.next_run();
  const RunId run = refresh.run();
  refresh.cancel();
  EXPECT_EQ(refresh.run(), run);
}

TEST_F(RefreshTest, L1_ACancelForgetsWhatItHolds) {
  go({RefreshEvent::demand});
  refresh.set_found(record_of(7));
  refresh.set_redeemed(record_of(8));
  refresh.set_cookie_changed();
  refresh.cancel();
  EXPECT_EQ(refresh.found().session, 0u);
  EXPECT_EQ(refresh.redeemed().session, 0u);
  EXPECT_FALSE(refresh.cookie_changed());
}

TEST_F(RefreshTest, WhatItHoldsIsTakenOnce) {
  refresh.set_found(record_of(7));
  refresh.set_redeemed(record_of(8));
  EXPECT_EQ(refresh.take_found().session, 7u);
  EXPECT_EQ(refresh.take_redeemed().session, 8u);
  EXPECT_EQ(refresh.take_found().session, 0u);
  EXPECT_EQ(refresh.take_redeemed().session, 0u);
}

TEST_F(RefreshTest, R8_TheServersWishIsTakenOnce) {
  EXPECT_FALSE(refresh.take_retry_after().has_value());
  refresh.set_retry_after(OptionalSeconds{120});
  EXPECT_EQ(refresh.take_retry_after().seconds, 120);
  EXPECT_FALSE(refresh.take_retry_after().has_value());
}

TEST_F(RefreshTest, L2_ARunIsOfTheSessionThatHadBegunBefore) {
  refresh.next_run();
  const RunId earlier = refresh.run();
  EXPECT_TRUE(refresh.is_of_session(earlier));
  refresh.begin_session();
  EXPECT_FALSE(refresh.is_of_session(earlier));
  refresh.next_run();
  EXPECT_TRUE(refresh.is_of_session(refresh.run()));
  EXPECT_FALSE(refresh.is_of_session(earlier));
}

// ---- time -----------------------------------------------------------------------------------

TEST_F(RefreshTest, X2_FrozenIsWhatIsLaterThanAnyLoadExplains) {
  go({RefreshEvent::demand});
  EXPECT_FALSE(refresh.was_frozen(1e15));
  refresh.wait_until(10'000);
  EXPECT_FALSE(refresh.was_frozen(10'000));
  EXPECT_FALSE(refresh.was_frozen(12'000));
  EXPECT_TRUE(refresh.was_frozen(12'001));
}

TEST_F(RefreshTest, X2_R10_ItBeginsAnewOnceInARun) {
  for (const RefreshEvent late : {RefreshEvent::frozen, RefreshEvent::lock_granted_late}) {
    go({RefreshEvent::demand});
    EXPECT_TRUE(refresh.may_begin_anew());
    go({late});
    EXPECT_FALSE(refresh.may_begin_anew());
    go({RefreshEvent::lock_granted});
    EXPECT_FALSE(refresh.may_begin_anew());
    refresh.cancel();
  }
  go({RefreshEvent::demand, RefreshEvent::lock_unavailable, RefreshEvent::lease_free,
      RefreshEvent::time_up, RefreshEvent::lease_lost});
  EXPECT_EQ(refresh.phase(), Phase::locking);
  EXPECT_FALSE(refresh.may_begin_anew());
}

TEST_F(RefreshTest, X2_AndAgainInTheNextRun) {
  go({RefreshEvent::demand, RefreshEvent::frozen, RefreshEvent::lock_granted,
      RefreshEvent::record_missing});
  EXPECT_FALSE(refresh.runs());
  go({RefreshEvent::demand});
  EXPECT_TRUE(refresh.may_begin_anew());
}

TEST_F(RefreshTest, X2_WhatChangesNothingUsesUpNothing) {
  EXPECT_EQ(refresh.step(RefreshEvent::frozen), nullptr);
  go({RefreshEvent::demand});
  EXPECT_EQ(refresh.step(RefreshEvent::lease_lost), nullptr);
  EXPECT_TRUE(refresh.may_begin_anew());
}

TEST_F(RefreshTest, E5_ItsTimeMovesWithTheClock) {
  refresh.wait_until(10'000);
  refresh.shift(4'000);
  EXPECT_EQ(refresh.deadline(), 6'000);
  refresh.wait_until(kNever);
  refresh.shift(4'000);
  EXPECT_EQ(refresh.deadline(), kNever);
}

TEST_F(RefreshTest, X1_ThatWritesHaveArrivedOutlivesThePhase) {
  go({RefreshEvent::demand, RefreshEvent::lock_granted, RefreshEvent::record_unsettled,
      RefreshEvent::marks_unknown});
  refresh.set_writes_arrived(true);
  go({RefreshEvent::time_up});
  EXPECT_EQ(refresh.phase(), Phase::reading);
  EXPECT_TRUE(refresh.writes_arrived());
  refresh.set_writes_arrived(false);
  EXPECT_FALSE(refresh.writes_arrived());
}

}  // namespace
}  // namespace bearerkit
