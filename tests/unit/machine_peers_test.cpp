// Tabs that hold one session where no shared storage carries its tokens (X9), and how long they
// wait for each other (X10).
#include "machine/mark.h"
#include "machine_tabs_world.h"

namespace bearerkit::test {
namespace {

// ---- X9: handed from tab to tab -------------------------------------------------------------

TEST(Peers, X9_ADuplicatedTabTakesUpWhatTheOtherRedeemed) {
  Tabs tabs(Mode::bearer, 2);
  sign_in_and_copy(tabs, 2, oauth_tokens("a1", "r1", 60));
  for (std::size_t i = 0; i < 2; i++) tabs[i].now += 61 * kSecond;
  const RequestId first = tabs[0].request();
  const RequestId second = tabs[1].request();
  tabs.settle();
  World* const redeeming = tabs.redeeming();
  ASSERT_NE(redeeming, nullptr);
  tabs.answer(*redeeming, oauth_tokens("a2", "r2", 60));
  EXPECT_EQ(tabs.refreshes(), 1);
  EXPECT_EQ(tabs[0].sent_with[first], "a2");
  EXPECT_EQ(tabs[1].sent_with[second], "a2");
  EXPECT_EQ(tabs[1].stored().refresh_token, "r2") << "a reload has it too";
}

TEST(Peers, X9_TwentyHybridTabsMakeOneRefreshForOneExpiry) {
  constexpr std::size_t kTabs = 20;
  Tabs tabs(Mode::hybrid, kTabs);
  sign_in_and_copy(tabs, kTabs, oauth_tokens("a1", "", 60));
  tabs.pass(0);
  EXPECT_EQ(tabs.refreshes(), 0) << "who opens later asks those who are there";
  for (std::size_t i = 0; i < kTabs; i++) {
    EXPECT_EQ(tabs[i].machine.access_token(), "a1") << i;
    tabs[i].now += 61 * kSecond;
  }
  std::vector<RequestId> calls;
  for (std::size_t i = 0; i < kTabs; i++) calls.push_back(tabs[i].request());
  tabs.settle();
  ASSERT_NE(tabs.redeeming(), nullptr);
  tabs.answer(*tabs.redeeming(), oauth_tokens("a2", "", 60));
  EXPECT_EQ(tabs.refreshes(), 1);
  for (std::size_t i = 0; i < kTabs; i++) {
    EXPECT_EQ(tabs[i].sent_with[calls[i]], "a2") << i;
    EXPECT_EQ(tabs[i].steals, 0);
  }
}

TEST(Peers, X9_WhatIsNotOfThisSessionOrNotNewerIsNotTakenUp) {
  World world(handing(Mode::bearer));
  world.start();
  world.sign_in();
  Record other = world.stored();
  other.session = 99;
  other.generation = 7;
  const std::string text = write_record(other, Mode::bearer);
  world.hear(write_peer_message({PeerMessage::Kind::tokens, 99, 0, text}));
  world.hear(tokens_message(world, "old", 1));
  world.hear(write_peer_message({PeerMessage::Kind::tokens, world.stored().session, 0, "{"}));
  EXPECT_EQ(world.machine.access_token(), "a1");
  world.hear(tokens_message(world, "a2", 2));
  EXPECT_EQ(world.machine.access_token(), "a2");
}

// A tab that slept goes on from the generation that it knows, and the cookie takes that.
TEST(Peers, X9_C4_TokensThatHaveRunOutDoNotKeepOlderOnesOut) {
  World world(handing(Mode::hybrid));
  world.start();
  world.sign_in(oauth_tokens("a1", "", 60));
  const auto hear = [&](std::uint32_t generation, const std::string& access, Milliseconds end) {
    const std::uint64_t session = world.stored().session;
    const std::string text = record_of(session, generation, access, "", end);
    world.hear(write_peer_message({PeerMessage::Kind::tokens, session, 0, text}));
  };
  hear(7, "a7", world.now - 1);
  EXPECT_EQ(world.machine.access_token(), "a1");
  hear(2, "a2", world.now + 60 * kSecond);
  EXPECT_EQ(world.machine.access_token(), "a2");
}

TEST(Peers, X9_AnotherSessionsTokensDoNotPushOutOnesThatAreStillToBeTakenUp) {
  World world(handing(Mode::bearer));
  world.sign_in();
  world.lock_is_free = false;
  world.answer(world.request(), 401);
  const std::uint64_t session = world.stored().session;
  const std::string spent = record_of(session, 2, "a2", "ra2", world.now + 1);
  const std::string other = record_of(99, 7, "b1", "rb1");
  world.now += 2;
  world.hear(write_peer_message({PeerMessage::Kind::tokens, session, 0, spent}));
  world.hear(write_peer_message({PeerMessage::Kind::tokens, 99, 0, other}));
  world.tell(inputs::lock_granted(world.held.back().acquire_lock.run));
  world.pass(kLag);
  ASSERT_EQ(world.refreshes.size(), 1u);
  EXPECT_EQ(world.refreshes[0].token, "ra2");
}

// Its mark tells of them, and the others would wait for them in vain (X11).
TEST(Peers, X9_ATokenThatHasRunOutIsHandedOverForTheRefreshTokenThatIsWithIt) {
  World world(handing(Mode::bearer));
  world.start();
  world.sign_in();
  world.answer(world.request(), 401);
  world.tokens(oauth_tokens("a2", "r2"));
  world.now += 3'600 * kSecond;
  world.messages.clear();
  world.hear(write_peer_message({PeerMessage::Kind::ask, world.stored().session, 1, {}}));
  ASSERT_EQ(world.messages.size(), 1u);
  EXPECT_NE(world.messages[0].find("\"r2\""), std::string::npos);
}

// A storage went back, or another page of the tab has stored what this one did not hear of.
TEST(Peers, X9_WhatIsHandedOverIsTakenUpAlsoWhereTheOwnRecordHasRunOut) {
  World world(handing(Mode::bearer));
  world.start();
  world.sign_in();
  const std::string handed = tokens_message(world, "a3", 3);
  world.storage = record_of(world.stored().session, 2, "a2", "r2", world.now - 1);
  world.lock_is_free = false;
  world.answer(world.request(), 401);
  world.hear(handed);
  EXPECT_EQ(world.machine.access_token(), "a3");
}

// Else a tab that is duplicated while the answer is on its way redeems the token before.
TEST(Peers, X9_WhatIsRedeemedIsKeptAndMarkedAtOnce) {
  World world(handing(Mode::bearer));
  world.start();
  world.sign_in();
  world.lock_is_free = false;
  world.answer(world.request(), 401);
  const std::uint64_t session = world.stored().session;
  const Milliseconds deadline = world.now + 1;
  const std::string handed = record_of(session, 2, "a2", "r2", deadline);
  world.now += 2;
  world.hear(write_peer_message({PeerMessage::Kind::tokens, session, 0, handed}));
  world.tell(inputs::lock_granted(world.held.back().acquire_lock.run));
  world.pass(kLag);
  ASSERT_EQ(world.refreshes.size(), 1u);
  EXPECT_EQ(world.refreshes[0].token, "r2");
  EXPECT_EQ(world.stored().refresh_token.view(), "r2");
  EXPECT_EQ(world.mark, write_mark({session, 2, deadline}));
}

TEST(Peers, X9_WhereTheStorageCarriesTokensNoMessageHasOne) {
  Settings config = with_mode(Mode::bearer);
  config.write_lag = kLag;
  World world(config);
  world.start();
  world.sign_in();
  world.answer(world.request(), 401);
  world.tokens(oauth_tokens("a2", "r2"));
  ASSERT_FALSE(world.messages.empty());
  for (const std::string& message : world.messages) {
    EXPECT_EQ(message.find("a2"), std::string::npos);
  }
  world.hear(tokens_message(world, "a9", 9));
  EXPECT_EQ(world.machine.access_token(), "a2");
}

TEST(Peers, L2_TokensOfASessionThatEndedHereAreNotTakenUp) {
  World world(handing(Mode::hybrid));
  world.sign_in(oauth_tokens("a1", ""));
  const std::string late = tokens_message(world, "a2", 2);
  world.sign_out();
  world.hear(late);
  EXPECT_FALSE(world.machine.signed_in());
}

// ---- X10: bounded by progress ---------------------------------------------------------------

// A tab that waits for the lock, which another one has.
class WaitsForAnother : public ::testing::Test {
 protected:
  World world{handing(Mode::hybrid)};
  void SetUp() override {
    world.sign_in(oauth_tokens("a1", ""));
    world.lock_is_free = false;
    world.answer(world.request(), 401);
  }
  // The other one says that it lives, each time just before the wait is over.
  void hear_of_it(int times) {
    const std::string alive =
        write_peer_message({PeerMessage::Kind::refreshing, world.stored().session});
    for (int i = 0; i < times; i++) {
      world.pass(world.config.lock_timeout - 1);
      world.hear(alive);
    }
  }
};

TEST_F(WaitsForAnother, X10_WhoeverSaysThatItLivesIsNotStolenFrom) {
  hear_of_it(10);
  EXPECT_EQ(world.steals, 0);
  world.pass(1.25 * world.config.lock_timeout);
  EXPECT_EQ(world.steals, 1) << "one that is silent is";
}

TEST_F(WaitsForAnother, X10_R10_WhoHasWaitedForVeryLongAsksAnewAndDoesNotSteal) {
  hear_of_it(5);
  EXPECT_EQ(world.steals, 0);
  EXPECT_EQ(world.lock_wanted, 2);
}

TEST(Peers, X10_WhoeverHasTheTurnSaysSoAgainAndAgain) {
  World world(handing(Mode::hybrid));
  world.sign_in(oauth_tokens("a1", ""));
  world.answer(world.request(), 401);
  const auto said = [&world] {
    std::size_t count = 0;
    for (const std::string& message : world.messages) {
      count += message.find(" refreshing ") != std::string::npos ? 1 : 0;
    }
    return count;
  };
  EXPECT_EQ(said(), 1u);
  world.pass(world.config.lock_timeout / 3);
  EXPECT_EQ(said(), 2u);
  world.tokens(oauth_tokens("a2", ""));
  world.pass(world.config.lock_timeout);
  EXPECT_EQ(said(), 2u);
}

}  // namespace
}  // namespace bearerkit::test
