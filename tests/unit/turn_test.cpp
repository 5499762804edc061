// X1, X2, X4: whose turn it is to refresh.
#include "machine/turn.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "machine/lease.h"
#include "now.h"

namespace bearerkit {
namespace {

constexpr Milliseconds kLength = 15'000;
constexpr Milliseconds kPatienceEnds = kNow + 20'000;

class TurnTest : public ::testing::Test {
 protected:
  Turn turn;
  Effects effects;
  Random random{7};
  // Of another tab.
  std::string others = write_lease(42, kNow + 10'000);

  std::vector<Effect> taken() {
    std::vector<Effect> all;
    for (Effect effect; effects.poll(effect);) all.push_back(effect);
    return all;
  }
  // Gives the own lease.
  std::string claim(Milliseconds until = kNow + kLength) {
    turn.claim_lease(effects, random, until);
    return taken().at(0).text;
  }
  RefreshEvent look(std::string_view text, bool confirming, Milliseconds now = kNow) {
    const ReadOutcome outcome = text.empty() ? ReadOutcome::missing : ReadOutcome::found;
    return turn.look_at_lease(outcome, text, now, kLength, confirming);
  }
};

TEST_F(TurnTest, X1_TheLockIsGivenBackOnce) {
  turn.lock_granted(kNow);
  turn.release(effects, 3);
  turn.release(effects, 3);
  const std::vector<Effect> given_back = taken();
  ASSERT_EQ(given_back.size(), 1u);
  EXPECT_EQ(given_back[0].kind, EffectKind::release_lock);
  EXPECT_EQ(given_back[0].release_lock.run, 3u);
}

TEST_F(TurnTest, WhoHasNothingGivesNothingBack) {
  turn.release(effects, 3);
  EXPECT_TRUE(taken().empty());
}

TEST_F(TurnTest, X4_ALeaseIsWrittenAndGivenBackAsItWasWritten) {
  turn.claim_lease(effects, random, kNow + kLength);
  const std::vector<Effect> claimed = taken();
  ASSERT_EQ(claimed.size(), 1u);
  EXPECT_EQ(claimed[0].kind, EffectKind::write_lease);
  EXPECT_TRUE(lease_holds(claimed[0].text, kNow, kLength));
  turn.release(effects, 3);
  turn.release(effects, 3);
  const std::vector<Effect> given_back = taken();
  ASSERT_EQ(given_back.size(), 1u);
  EXPECT_EQ(given_back[0].kind, EffectKind::remove_lease);
  EXPECT_EQ(given_back[0].text, claimed[0].text);
}

TEST_F(TurnTest, X4_EveryClaimIsNewAndTheLastOneIsGivenBack) {
  const std::string first = claim();
  const std::string second = claim();
  EXPECT_NE(first, second);
  turn.release(effects, 3);
  EXPECT_EQ(taken().at(0).text, second);
}

// ---- before a claim -------------------------------------------------------------------------

TEST_F(TurnTest, X4_ALeaseOfAnotherTabIsWaitedForAsLongAsThePatienceLasts) {
  turn.take_leases(kNow + 5'000);
  EXPECT_EQ(look(others, false), RefreshEvent::lease_taken);
  EXPECT_EQ(look(others, false, kNow + 4'999), RefreshEvent::lease_taken);
  EXPECT_EQ(look(others, false, kNow + 5'000), RefreshEvent::lease_overdue);
}

TEST_F(TurnTest, X4_WhatIsOverOrNoneIsFree) {
  turn.take_leases(kPatienceEnds);
  EXPECT_EQ(look("", false), RefreshEvent::lease_free);
  EXPECT_EQ(look("{}", false), RefreshEvent::lease_free);
  EXPECT_EQ(look(write_lease(42, kNow), false), RefreshEvent::lease_free);
  EXPECT_EQ(look(others, false, kNow + 10'000), RefreshEvent::lease_free);
  EXPECT_EQ(look(write_lease(42, kNow + kLength + 1), false), RefreshEvent::lease_free);
}

TEST_F(TurnTest, X4_AnOwnClaimThatCameTooLateIsNone) {
  turn.take_leases(kPatienceEnds);
  EXPECT_EQ(look(claim(), false), RefreshEvent::lease_free);
}

TEST_F(TurnTest, R10_AStorageThatFailsHasNoLease) {
  for (const bool confirming : {false, true}) {
    EXPECT_EQ(turn.look_at_lease(ReadOutcome::failed, others, kNow, kLength, confirming),
              RefreshEvent::lease_failed);
  }
}

// ---- after a claim --------------------------------------------------------------------------

TEST_F(TurnTest, X4_WhoReadsItsOwnClaimHasIt) {
  turn.take_leases(kPatienceEnds);
  const std::string own = claim();
  EXPECT_EQ(look(own, true), RefreshEvent::lease_ours);
  EXPECT_EQ(look(own, true, kPatienceEnds - kLength), RefreshEvent::lease_ours);
}

TEST_F(TurnTest, X4_TheLastClaimCounts) {
  turn.take_leases(kPatienceEnds);
  claim();
  EXPECT_EQ(look(others, true), RefreshEvent::lease_taken);
  EXPECT_EQ(look(others, true, kPatienceEnds), RefreshEvent::lease_lost);
}

TEST_F(TurnTest, R10_AClaimThatIsNotKeptIsLostAtTheThirdTime) {
  turn.take_leases(kPatienceEnds);
  claim();
  EXPECT_EQ(look("", true), RefreshEvent::lease_taken);
  EXPECT_EQ(look("", true), RefreshEvent::lease_taken);
  EXPECT_EQ(look("", true), RefreshEvent::lease_lost);
  EXPECT_EQ(look("", true), RefreshEvent::lease_lost);
  turn.begin_run();
  EXPECT_EQ(look("", true), RefreshEvent::lease_taken);
}

TEST_F(TurnTest, R10_AndAtTheFirstTimeWhenThePatienceIsOver) {
  turn.take_leases(kNow);
  claim();
  EXPECT_EQ(look("", true), RefreshEvent::lease_lost);
}

TEST_F(TurnTest, X2_AnOwnClaimThatHasRunOutIsNotHad) {
  turn.take_leases(kNow + 60'000);
  const std::string own = claim();
  EXPECT_NE(look(own, true, kNow + kLength), RefreshEvent::lease_ours);
}

TEST_F(TurnTest, X4_ALostClaimIsGivenBackAllTheSame) {
  turn.take_leases(kNow);
  const std::string own = claim();
  EXPECT_EQ(look(others, true), RefreshEvent::lease_lost);
  turn.release(effects, 3);
  EXPECT_EQ(taken().at(0).text, own);
}

TEST_F(TurnTest, E5_ThePatienceMovesWithTheClock) {
  turn.take_leases(kNow + 5'000);
  turn.shift(1'000);
  EXPECT_EQ(look(others, false, kNow + 3'999), RefreshEvent::lease_taken);
  EXPECT_EQ(look(others, false, kNow + 4'000), RefreshEvent::lease_overdue);
}

}  // namespace
}  // namespace bearerkit
