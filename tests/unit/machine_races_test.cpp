// What tabs do in one moment, and what a tab knows that was frozen: X1, X2, X3, L1.
#include "machine_fixture.h"

namespace bearerkit::test {
namespace {

class Races : public SignedIn {
 protected:
  // The answer to the last read that was held back: what the storage held then.
  void answer_read(std::size_t place, const std::optional<std::string>& found) {
    const Effect& read = world.held[place];
    world.machine.handle(
        world.now, inputs::storage_read(read.read_storage.purpose, read.read_storage.operation,
                                        found ? ReadOutcome::found : ReadOutcome::missing,
                                        found.value_or("")));
    world.drain();
  }
};

TEST_F(Races, X3_ASignInThatAnotherTabWroteOverIsPutBack) {
  const std::optional<std::string> late = newer("a2", "r2");
  world.sign_in(oauth_tokens("b1", "s1"));
  world.storage = late;  // the other tab had compared before
  world.wake();
  ASSERT_EQ(world.refreshes.size(), 1u);
  EXPECT_EQ(world.refreshes[0].token, "s1");
  world.tokens(oauth_tokens("b2", "s2"));
  EXPECT_EQ(world.stored().access_token, "b2");
}

TEST_F(Races, X3_TwoSessionsDoNotPutThemselvesBackInTurns) {
  const std::optional<std::string> late = newer("a2", "r2");
  world.sign_in(oauth_tokens("b1", "s1"));
  for (int turn = 0; turn < 3; turn++) {
    world.storage = late;
    world.wake();
    if (turn == 0) world.tokens(oauth_tokens("b2", "s2"));
  }
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST_F(Races, R8_ASignInIsNotPutBackBeforeItsTime) {
  const std::optional<std::string> late = newer("a2", "r2");
  world.sign_in(oauth_tokens("b1", "s1"));
  world.request(0, RequestKind::refresh);
  world.answer_refresh(RefreshAnswer{429, {}, "60", {}, Override::none});
  world.storage = late;
  world.wake();
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST_F(Races, X3_WhatWasWrittenWhileASignInWasStoredIsSeen) {
  const std::optional<std::string> late = newer("a2", "r2");
  world.storage_answers = false;
  world.sign_in(oauth_tokens("b1", "s1"));
  world.storage_answers = true;
  world.storage = late;
  world.hear(write_peer_message({PeerMessage::Kind::changed, 7}));  // too early to be looked at
  EXPECT_TRUE(world.refreshes.empty());
  world.machine.handle(world.now,
                       inputs::storage_written(world.held.back().write_storage.operation));
  world.drain();
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST_F(Races, L1_WhatWasReadBeforeAFreezeRemovesNothing) {
  const std::optional<std::string> ended = world.storage;
  world.storage_answers = false;
  world.wake();  // read, and the tab is frozen
  world.sign_out();
  world.storage = record_of(99, 1, "b1", "s1");  // somebody signed in elsewhere meanwhile
  world.storage_answers = true;
  const int removed = world.removed;
  world.storage_answers = false;
  world.wake();
  answer_read(0, ended);
  EXPECT_EQ(world.removed, removed);
  answer_read(1, world.storage);
  EXPECT_EQ(world.machine.access_token(), "b1");
}

TEST_F(Races, X2_WhatWasReadBeforeAFreezeIsNoCommitCheck) {
  const std::optional<std::string> before = world.storage;
  world.answer(id, 401);
  world.storage_answers = false;
  world.tokens(oauth_tokens("a2", "r2"));  // read, and the tab is frozen, for a second or two
  const int written = world.written;
  world.storage = newer("b2", "s2");
  world.wake();
  answer_read(0, before);
  ASSERT_EQ(world.held.size(), 3u);  // read again, and a look; nothing is written
  world.storage_answers = true;
  world.reply(world.held[1]);
  EXPECT_EQ(world.machine.access_token(), "b2");
  EXPECT_EQ(world.outcome[id], EffectKind::retry);
  EXPECT_EQ(world.written, written);
}

TEST_F(Races, X2_AReadThatWasNotWaitedForIsNoCommitCheck) {
  const std::optional<std::string> before = world.storage;
  world.storage_answers = false;
  world.answer(id, 401);
  world.pass(5 * kSecond);
  world.tokens(oauth_tokens("a2", "r2"));
  ASSERT_EQ(world.held.size(), 2u);
  answer_read(0, before);
  EXPECT_EQ(world.held.size(), 2u);
  answer_read(1, before);
  EXPECT_EQ(world.held.back().kind, EffectKind::write_storage);
}

TEST_F(Races, X3_L1_ThatAnEndedSessionIsTakenOutIsToldOnce) {
  const std::optional<std::string> ended = world.storage;
  const std::uint64_t session = world.stored().session;
  world.sign_out();
  const std::size_t before = world.messages.size();
  for (int i = 0; i < 2; i++) {
    world.storage = ended;  // another tab was about to store it, or nothing can be removed
    world.wake();
    EXPECT_FALSE(world.storage.has_value());
    ASSERT_EQ(world.messages.size(), before + 1);
  }
  EXPECT_EQ(world.messages.back(), write_peer_message({PeerMessage::Kind::ended, session}));
}

TEST_F(Races, X3_ThatItIsTakenOutIsToldByWhoHadPutItsOwnBackBefore) {
  const std::optional<std::string> replaced = world.storage;
  world.sign_in(oauth_tokens("b1", "s1"));
  world.storage = replaced;
  const RequestId call = world.request();
  world.wake();
  world.answer(call, 401);
  world.tokens(R"({"error":"invalid_grant"})", 400);
  ASSERT_EQ(world.sign_out_reason(), SignOutReason::refresh_rejected);
  EXPECT_FALSE(world.storage.has_value());
  const Result<Record> record = read_record(*replaced, Mode::bearer);
  EXPECT_EQ(world.messages.back(), write_peer_message({PeerMessage::Kind::ended, record->session}));
}

TEST(StartingRace, X3_WhatATabHearsBeforeItHasReadIsLookedAtThen) {
  World world(with_mode(Mode::bearer));
  const std::string old = record_of(7, 1, "a1", "r1");
  world.storage_answers = false;
  world.start();
  world.storage = record_of(8, 1, "b1", "s1");
  world.hear(write_peer_message({PeerMessage::Kind::signed_in, 8}));
  world.machine.handle(
      world.now, inputs::storage_read(ReadPurpose::start, world.held.front().read_storage.operation,
                                      ReadOutcome::found, old));
  world.drain();
  EXPECT_EQ(world.machine.access_token(), "a1");
  ASSERT_EQ(world.held.size(), 2u);
  world.storage_answers = true;
  world.reply(world.held[1]);
  EXPECT_EQ(world.machine.access_token(), "b1");
}

TEST_F(Races, X2_ATabThatWasFrozenWhileItWaitedForTheLockWaitsAnew) {
  world.lock_is_free = false;
  world.answer(id, 401);
  world.pass(60 * kSecond);
  EXPECT_EQ(world.steals, 0);  // the holder may have begun just now
  EXPECT_EQ(world.lock_wanted, 2);
  world.pass(15 * kSecond);
  EXPECT_EQ(world.steals, 1);
}

class Settling : public ::testing::Test {
 protected:
  static Settings settling() {
    Settings config = with_mode(Mode::bearer);
    config.write_lag = 50;
    return config;
  }
  World world{settling()};
  std::uint32_t id = 0;
  void SetUp() override {
    world.marks = std::nullopt;
    world.start();
    world.sign_in();
    id = world.request();
  }
  void give_lock() {
    world.machine.handle(world.now, inputs::lock_granted(world.held.back().acquire_lock.run));
    world.drain();
  }
};

TEST_F(Settling, X1_ANewerGenerationThatHasExpiredTooMayBeOldAsWell) {
  world.lock_is_free = false;
  world.answer(id, 401);
  const Record record = world.stored();
  world.storage = record_of(record.session, 2, "a2", "r2", world.now - 1);
  give_lock();
  EXPECT_TRUE(world.refreshes.empty());
  world.storage = record_of(record.session, 3, "a3", "r3");
  world.pass(50);
  EXPECT_TRUE(world.refreshes.empty());
  EXPECT_EQ(world.machine.access_token(), "a3");
}

TEST_F(Settling, X1_UnderALockThatWasAskedForAgainTheRecordIsReadTwiceAgain) {
  world.answer(id, 401);
  world.lock_is_free = false;
  world.pass(60 * kSecond);  // frozen between the two reads
  give_lock();
  EXPECT_TRUE(world.refreshes.empty());
  world.pass(50);
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST(SettlingHybrid, C4_TheCookieIsNotWaitedFor) {
  Settings config = with_mode(Mode::hybrid);
  config.write_lag = 50;
  World world(config);
  world.start();
  EXPECT_EQ(world.refreshes.size(), 1u);
}

}  // namespace
}  // namespace bearerkit::test
