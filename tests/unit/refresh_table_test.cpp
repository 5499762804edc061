// What the rules ask of the refresh table. What all tables have in common: tables_test.cpp.
#include <gtest/gtest.h>

#include <set>

#include "tables.h"

namespace bearerkit::test {
namespace {

TEST(RefreshRows, TheFirstRowThatMatchesDecides) {
  for (const RefreshFacts& seen : RefreshTable::all()) {
    const RefreshRow* first = nullptr;
    for (const RefreshRow& row : RefreshTable::rows) {
      if (first == nullptr && RefreshTable::matches(row, seen)) first = &row;
    }
    EXPECT_EQ(find_refresh_row(seen.phase, seen.event), first);
  }
}

TEST(RefreshRows, R1_OnlyADemandBeginsOneAndOnlyWhereNoneRuns) {
  for (const RefreshFacts& seen : RefreshTable::all()) {
    const bool begins = seen.phase == Phase::idle && seen.event == RefreshEvent::demand;
    const bool concerned = seen.phase == Phase::idle || seen.event == RefreshEvent::demand;
    if (!concerned) continue;
    EXPECT_EQ(find_refresh_row(seen.phase, seen.event) != nullptr, begins);
  }
}

TEST(RefreshRows, R10_EveryPhaseCanBeReachedAndLeadsBackToIdle) {
  std::set<Phase> reached = {Phase::idle};
  std::set<Phase> ends = {Phase::idle};
  for (std::size_t round = 0; round < kPhases.size(); round++) {
    for (const RefreshFacts& seen : RefreshTable::all()) {
      const RefreshRow* row = find_refresh_row(seen.phase, seen.event);
      if (row == nullptr) continue;
      if (reached.contains(seen.phase)) reached.insert(row->next);
      if (ends.contains(row->next)) ends.insert(seen.phase);
    }
  }
  EXPECT_EQ(reached.size(), kPhases.size());
  EXPECT_EQ(ends.size(), kPhases.size());
}

TEST(RefreshRows, R10_WhereNobodyAnswersTimeAloneEndsIt) {
  for (const Phase begin : kPhases) {
    Phase phase = begin;
    for (std::size_t steps = 0; phase != Phase::idle; steps++) {
      ASSERT_LT(steps, kPhases.size());
      const RefreshRow* row = find_refresh_row(phase, RefreshEvent::time_up);
      ASSERT_NE(row, nullptr);
      phase = row->next;
    }
  }
}

TEST(RefreshRows, X1_OnlyAReadUnderTheLockLeadsToTheServer) {
  for (const RefreshFacts& seen : RefreshTable::all()) {
    const RefreshRow* row = find_refresh_row(seen.phase, seen.event);
    if (row == nullptr) continue;
    const bool sends = row->action == RefreshAction::redeem ||
                       row->action == RefreshAction::redeem_found ||
                       row->action == RefreshAction::redeem_named;
    EXPECT_EQ(row->next == Phase::redeeming, sends);
    if (sends) {
      EXPECT_EQ(seen.phase, Phase::reading);
    }
  }
}

TEST(RefreshRows, X2_L1_NothingIsStoredButAfterALookAtTheStorage) {
  for (const RefreshFacts& seen : RefreshTable::all()) {
    const RefreshRow* row = find_refresh_row(seen.phase, seen.event);
    if (row == nullptr) continue;
    EXPECT_EQ(row->next == Phase::storing, row->action == RefreshAction::store);
    if (row->action == RefreshAction::store) {
      EXPECT_EQ(seen.phase, Phase::committing);
    }
    if (row->action == RefreshAction::finish) {
      EXPECT_EQ(seen.phase, Phase::storing);
    }
  }
}

TEST(RefreshRows, R7_ARefusalEndsTheSessionOnlyAfterALookAtTheStorage) {
  for (const RefreshFacts& seen : RefreshTable::all()) {
    const RefreshRow* row = find_refresh_row(seen.phase, seen.event);
    if (row == nullptr || row->action != RefreshAction::end_rejected) continue;
    if (seen.event == RefreshEvent::record_refused) {  // R24
      EXPECT_EQ(seen.phase, Phase::reading);
      continue;
    }
    EXPECT_EQ(seen.phase, Phase::verifying);
    EXPECT_TRUE(seen.event == RefreshEvent::record_same || seen.event == RefreshEvent::time_up);
  }
}

TEST(RefreshRows, R8_WhatFailsForTheMomentEndsNoSession) {
  EXPECT_EQ(find_refresh_row(Phase::redeeming, RefreshEvent::answer_transient)->action,
            RefreshAction::back_off);
  EXPECT_EQ(find_refresh_row(Phase::redeeming, RefreshEvent::time_up)->action,
            RefreshAction::cancel_and_back_off);
}

TEST(RefreshRows, X2_WhoWasFrozenBeginsAnewOrLooksAgain) {
  for (const Phase phase : kPhases) {
    const RefreshRow* row = find_refresh_row(phase, RefreshEvent::frozen);
    if (row == nullptr) continue;
    EXPECT_TRUE(row->action == RefreshAction::acquire_lock ||
                row->action == RefreshAction::read_record);
    // Never back before the request, once it has been sent.
    if (token_was_sent.has(phase)) {
      EXPECT_EQ(row->next, phase);
    }
  }
}

}  // namespace
}  // namespace bearerkit::test
