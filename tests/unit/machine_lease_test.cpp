// X4: where there are no locks, tabs take turns by a lease in the storage.
#include "machine/lease.h"
#include "machine_fixture.h"

namespace bearerkit::test {
namespace {

constexpr Milliseconds kPause = 50;

// Signed in, without locks, and one request was answered with 401: the lease is claimed.
class MachineLease : public ::testing::Test {
 protected:
  World world{with_mode(Mode::bearer)};
  std::uint32_t id = 0;
  void SetUp() override {
    world.has_locks = false;
    world.start();
    world.sign_in();
    id = world.request();
  }
  std::string of_another_tab(Milliseconds lasts) const {
    return write_lease(0x1234, world.now + lasts);
  }
};

TEST_F(MachineLease, X4_WithoutLocksALeaseIsClaimedAndTheTokenRedeemedUnderIt) {
  world.answer(id, 401);
  ASSERT_TRUE(world.lease.has_value());
  world.pass(kPause - 1);
  EXPECT_TRUE(world.refreshes.empty());  // a claim of the same moment would show yet
  world.pass(1);
  ASSERT_EQ(world.refreshes.size(), 1u);
  EXPECT_TRUE(world.lease.has_value());
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_EQ(world.outcome[id], EffectKind::retry);
  EXPECT_FALSE(world.lease.has_value());
}

TEST_F(MachineLease, X4_WhileAnotherTabHasTheLeaseThisOneWaitsAndThenAdopts) {
  world.lease = of_another_tab(15 * kSecond);
  world.answer(id, 401);
  world.pass(3 * kSecond);
  EXPECT_TRUE(world.refreshes.empty());
  EXPECT_EQ(world.leases, 0);
  const Record record = world.stored();
  world.storage = record_of(record.session, record.generation + 1, "a2", "r2");
  world.lease.reset();
  world.pass(kPause);  // sees that it is free, and claims it
  world.pass(kPause);
  EXPECT_TRUE(world.refreshes.empty());
  EXPECT_EQ(world.outcome[id], EffectKind::retry);
  EXPECT_EQ(world.machine.access_token(), "a2");
  EXPECT_FALSE(world.lease.has_value());
}

TEST_F(MachineLease, X4_ToldThatAnotherTabHasRefreshedItAdoptsWithoutALease) {
  world.lease = of_another_tab(15 * kSecond);
  world.answer(id, 401);
  const Record record = world.stored();
  world.storage = record_of(record.session, record.generation + 1, "a2", "r2");
  world.hear(write_peer_message({PeerMessage::Kind::changed, record.session}));
  EXPECT_EQ(world.outcome[id], EffectKind::retry);
  EXPECT_EQ(world.leases, 0);
  EXPECT_TRUE(world.lease.has_value());  // the other tab's
}

TEST_F(MachineLease, X4_ToldWhileItClaimsItAdoptsAndGivesTheLeaseBack) {
  world.answer(id, 401);
  ASSERT_TRUE(world.lease.has_value());
  const Record record = world.stored();
  world.storage = record_of(record.session, record.generation + 1, "a2", "r2");
  world.wake(false);
  EXPECT_EQ(world.outcome[id], EffectKind::retry);
  EXPECT_FALSE(world.lease.has_value());
  world.pass(kPause);
  EXPECT_TRUE(world.refreshes.empty());
}

TEST_F(MachineLease, X4_OfTwoClaimsInOneMomentTheLaterOneCounts) {
  world.answer(id, 401);
  const std::string theirs = of_another_tab(15 * kSecond);
  world.lease = theirs;  // written over the own one
  world.pass(kPause);
  EXPECT_TRUE(world.refreshes.empty());
  world.pass(kPause);
  EXPECT_EQ(world.lease, theirs);  // left alone
  EXPECT_EQ(world.leases, 1);
}

TEST_F(MachineLease, X4_AClaimThatGetsThereLateIsNotWaitedForAsIfItWereAnotherTabs) {
  world.answer(id, 401);
  const std::optional<std::string> own = world.lease;
  world.lease = of_another_tab(15 * kSecond);
  world.pass(kPause);
  world.lease = own;
  world.pass(kPause);
  EXPECT_TRUE(world.refreshes.empty());  // the other tab may be at work
  EXPECT_EQ(world.leases, 2);
  world.pass(kPause);
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST_F(MachineLease, X4_AClaimThatGetsThereLateIsGivenBack) {
  world.answer(id, 401);
  const std::optional<std::string> own = world.lease;
  world.lease = of_another_tab(15 * kSecond);
  world.pass(kPause);
  world.lease = own;
  const Record record = world.stored();
  world.storage = record_of(record.session, record.generation + 1, "a2", "r2");
  world.wake();
  EXPECT_EQ(world.outcome[id], EffectKind::retry);
  EXPECT_FALSE(world.lease.has_value());
}

TEST_F(MachineLease, X4_X1_ToldWhileItReadsTheLeaseItAdopts) {
  for (const bool claimed : {false, true}) {
    World tab(with_mode(Mode::bearer));
    tab.has_locks = false;
    tab.start();
    tab.sign_in();
    const std::uint32_t call = tab.request();
    tab.storage_answers = claimed;
    tab.answer(call, 401);
    tab.storage_answers = false;
    if (claimed) tab.pass(kPause);
    ASSERT_EQ(tab.held.size(), 1u);
    const Record record = tab.stored();
    tab.storage = record_of(record.session, record.generation + 1, "a2", "r2");
    tab.wake();
    tab.storage_answers = true;
    tab.reply(tab.held[1]);
    EXPECT_EQ(tab.outcome[call], EffectKind::retry);
    tab.reply(tab.held[0]);
    tab.pass(kPause);
    EXPECT_TRUE(tab.refreshes.empty());
    EXPECT_FALSE(tab.lease.has_value());
  }
}

TEST_F(MachineLease, S4_X4_TheLeaseOfAnotherTabIsNoRecord) {
  world.lease = of_another_tab(15 * kSecond);
  world.storage.reset();
  world.wake();
  world.answer(id, 401);  // looks at the lease
  world.pass(100);
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::storage_cleared);
}

TEST_F(MachineLease, X4_ALeaseThatHasRunOutIsNobodys) {
  world.lease = of_another_tab(-1);
  world.answer(id, 401);
  world.pass(kPause);
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST_F(MachineLease, X4_ALeaseOfAnotherClockIsNotBelieved) {
  world.lease = of_another_tab(365 * 24 * 3600 * kSecond);
  world.answer(id, 401);
  world.pass(kPause);
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST_F(MachineLease, X4_WhatIsNoLeaseIsNobodys) {
  world.lease = "not a lease of ours, whoever wrote it";
  world.answer(id, 401);
  world.pass(kPause);
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST_F(MachineLease, X10_TheWaitForTheLeaseIsBoundedByTheProgressOfTheQueue) {
  world.answer(id, 401);
  for (std::uint64_t turn = 0; turn < 40; turn++) {
    world.lease = write_lease(100u + turn, world.now + 15 * kSecond);
    world.pass(kSecond);
  }
  EXPECT_TRUE(world.refreshes.empty());
  world.pass(16 * kSecond);  // the last one has it for longer than a refresh can take
  world.pass(kPause);
  EXPECT_EQ(world.refreshes.size(), 1u);
  EXPECT_LE(world.count(EffectKind::warning), 2);  // lock_stolen: it asks once more, and no more
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_EQ(world.outcome[id], EffectKind::retry);
}

TEST_F(MachineLease, R10_AStorageThatDoesNotKeepTheLeaseHoldsNobodyUp) {
  world.lease_is_kept = false;
  world.answer(id, 401);
  for (int i = 0; i < 6; i++) world.pass(kPause);
  EXPECT_EQ(world.refreshes.size(), 1u);
  EXPECT_EQ(world.leases, 4);
}

TEST_F(MachineLease, X4_WhomTheOthersOvertakeWithTheirWholeTurnsClaimsMoreThanTwice) {
  world.answer(id, 401);
  for (int i = 0; i < 2; i++) {  // timers are slow in hidden tabs
    world.lease.reset();
    world.pass(kPause);
    world.pass(kPause);
  }
  world.lease.reset();
  world.pass(kPause);
  EXPECT_TRUE(world.refreshes.empty());
  world.pass(kPause);
  EXPECT_EQ(world.refreshes.size(), 1u);
  EXPECT_TRUE(world.lease.has_value());
}

TEST_F(MachineLease, X4_WhoClaimedLaterAndGaveItBackLeavesTheOthersToClaimAgain) {
  world.answer(id, 401);
  world.lease.reset();
  world.pass(kPause);
  EXPECT_TRUE(world.refreshes.empty());  // there may be more than one who waits
  world.lease = of_another_tab(15 * kSecond);
  world.pass(kPause);
  EXPECT_TRUE(world.refreshes.empty());
}

TEST_F(MachineLease, X4_OfTwoWhoHaveWaitedForLongEnoughTheLaterOneCounts) {
  world.lease = of_another_tab(15 * kSecond);  // and its tab is gone
  world.answer(id, 401);
  world.pass(15 * kSecond);
  ASSERT_EQ(world.leases, 1);
  const std::string theirs = of_another_tab(15 * kSecond);
  world.lease = theirs;
  world.pass(kPause);
  world.pass(kPause);
  EXPECT_TRUE(world.refreshes.empty());
  EXPECT_EQ(world.lease, theirs);
}

TEST_F(MachineLease, R10_AStorageThatThrowsHoldsNobodyUp) {
  world.lease_fails = true;
  world.answer(id, 401);
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST_F(MachineLease, R10_AStorageThatNeverAnswersHoldsNobodyUp) {
  world.storage_answers = false;
  world.answer(id, 401);
  world.pass(5 * kSecond);  // the lease
  world.pass(5 * kSecond);  // the record
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST(LeaseAlone, R10_ALeaseThatEndsBeforeItCanBeReadBackMakesNoLoop) {
  Settings config = with_mode(Mode::bearer);
  config.lock_timeout = 10;
  World world(config);
  world.has_locks = false;
  world.start();
  world.sign_in();
  world.answer(world.request(), 401);
  for (int turn = 0; turn < 4; turn++) world.pass(kPause);
  EXPECT_EQ(world.refreshes.size(), 1u);
  EXPECT_EQ(world.leases, 2);
}

TEST_F(MachineLease, X2_ATabThatWasFrozenLongerThanItsLeaseClaimsAgain) {
  world.answer(id, 401);
  const std::string first = *world.lease;
  world.now += 60 * kSecond;
  world.machine.handle(world.now, inputs::of(InputKind::timeout));
  world.drain();
  EXPECT_TRUE(world.refreshes.empty());
  EXPECT_NE(*world.lease, first);
  world.pass(kPause);
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST_F(MachineLease, X2_ATabThatLostItsLeaseDoesNotCommitAStaleResult) {
  world.answer(id, 401);
  world.pass(kPause);
  const Record record = world.stored();
  world.lease = of_another_tab(15 * kSecond);
  world.storage = record_of(record.session, record.generation + 1, "b2", "s2");
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_EQ(world.stored().access_token, "b2");
  EXPECT_TRUE(world.lease.has_value());  // the other tab's
}

TEST_F(MachineLease, L1_ASignOutGivesTheLeaseBack) {
  world.answer(id, 401);
  world.pass(kPause);
  world.sign_out();
  EXPECT_FALSE(world.lease.has_value());
  EXPECT_EQ(world.outcome[id], EffectKind::deliver);
}

TEST(LeaseAlone, X4_WithoutSharedStorageTheTabsOwnSingleFlightIsAll) {
  World world(with_mode(Mode::bearer, false));
  world.has_locks = false;
  world.start();
  world.sign_in();
  const std::uint32_t first = world.request();
  const std::uint32_t second = world.request();
  world.answer(first, 401);
  world.answer(second, 401);
  EXPECT_EQ(world.leases, 0);
  ASSERT_EQ(world.refreshes.size(), 1u);
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_EQ(world.outcome[first], EffectKind::retry);
  EXPECT_EQ(world.outcome[second], EffectKind::retry);
}

TEST(LeaseText, X4_HoldsFromItsClaimToItsEnd) {
  const std::string lease = write_lease(7, 15'000);
  EXPECT_TRUE(lease_holds(lease, 0, 15'000));
  EXPECT_TRUE(lease_holds(lease, 14'999, 15'000));
  EXPECT_FALSE(lease_holds(lease, 15'000, 15'000));
  EXPECT_FALSE(lease_holds(lease, -1, 15'000));
  EXPECT_FALSE(lease_holds(lease.substr(1), 0, 15'000));
  EXPECT_FALSE(lease_holds("", 0, 15'000));
  EXPECT_NE(lease, write_lease(8, 15'000));
}

}  // namespace
}  // namespace bearerkit::test
