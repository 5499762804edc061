// News of other tabs, the storage, sign-in and sign-out: X3, S and L rules.
#include "machine_fixture.h"

namespace bearerkit::test {
namespace {

class SessionTabs : public SignedIn {};

TEST_F(SessionTabs, X3_AnotherTabsSignOutReachesThisOne) {
  World other(with_mode(Mode::bearer));
  other.storage = world.storage;
  other.start();
  other.sign_out();
  world.storage.reset();
  world.hear(other.messages.back());
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::signed_out_elsewhere);
}

TEST_F(SessionTabs, X3_AnotherTabsSignInReachesThisOne) {
  world.sign_out();
  world.storage = record_of(99, 1, "b1", "s1");
  world.hear(write_peer_message({PeerMessage::Kind::changed, 99}));
  EXPECT_TRUE(world.machine.signed_in());
  EXPECT_EQ(world.machine.access_token(), "b1");
}

TEST_F(SessionTabs, X3_ASignInThatIsReadOnlyAfterItsMessageReachesAHiddenTab) {
  world.sign_out();
  world.wake(0);
  world.hear(write_peer_message({PeerMessage::Kind::signed_in, 99}));
  EXPECT_FALSE(world.machine.signed_in());
  world.storage = record_of(99, 1, "b1", "s1");
  world.wake(0);  // the storage event
  EXPECT_TRUE(world.machine.signed_in());
}

TEST_F(SessionTabs, X3_AMessageOfAnEarlierSessionDoesNotEndThisOne) {
  world.hear(write_peer_message({PeerMessage::Kind::signed_out, 99}));
  EXPECT_TRUE(world.machine.signed_in());
}

TEST_F(SessionTabs, X3_ASessionThatEndedElsewhereEndsHereWithoutReadingTheStorage) {
  world.storage_answers = false;  // its removal may be on its way
  world.hear(write_peer_message({PeerMessage::Kind::ended, world.stored().session}));
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::signed_out_elsewhere);
}

TEST_F(SessionTabs, L2_AnEndedSessionRemovesItsOwnRecordOnlyAndTakesUpAnother) {
  world.answer(id, 401);
  world.storage_answers = false;
  world.tokens(R"({"error":"invalid_grant"})", 400);
  world.machine.handle(
      world.now, inputs::storage_read(ReadPurpose::run, world.held.back().read_storage.operation,
                                      ReadOutcome::found, *world.storage));
  world.drain();
  world.storage_answers = true;
  world.storage = record_of(99, 1, "b1", "s1");  // another user signed in meanwhile
  world.reply(world.held.back());
  EXPECT_EQ(world.count(EffectKind::signedout), 1);
  EXPECT_EQ(world.machine.access_token(), "b1");
  EXPECT_EQ(world.stored().access_token, "b1");
}

TEST_F(SessionTabs, X3_MessagesHoldNoToken) {
  world.answer(id, 401);
  world.tokens(oauth_tokens("access-canary", "refresh-canary"));
  world.sign_out();
  for (const std::string& message : world.messages) {
    EXPECT_EQ(message.find("canary"), std::string::npos);
  }
}

TEST(SessionOwnStorage, X3_WithAStorageOfItsOwnASignOutStillReachesTheTab) {
  World world;
  world.start();
  world.sign_in();
  world.hear(write_peer_message({PeerMessage::Kind::signed_out, 99}));
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::signed_out_elsewhere);
  EXPECT_FALSE(world.storage.has_value());
}

TEST_F(SessionTabs, E8_WhenThePageWakesTheStorageIsReadAgain) {
  world.storage = newer("a2", "r2");
  world.wake();
  EXPECT_EQ(world.machine.access_token(), "a2");
}

TEST(SessionStorage, S3_ABrokenRecordIsSignedOutAndTheAppIsTold) {
  for (const char* record : {"garbage", "{}", R"({"version":2})", "[1]",
                             R"({"version":1,"session":"0000000000000007","access_token":5})"}) {
    World world;
    world.storage = record;
    world.start();
    EXPECT_FALSE(world.machine.signed_in());
    EXPECT_EQ(world.sign_out_reason(), SignOutReason::storage_corrupt) << record;
  }
}

TEST_F(SessionTabs, S3_ARecordBrokenWhileSignedInEndsTheSessionAndIsNotRepaired) {
  world.storage = "garbage";
  world.wake();
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::storage_corrupt);
  EXPECT_EQ(world.storage, "garbage");
}

TEST_F(SessionTabs, S3_L2_ARecordBrokenUnderTheLockBringsNoOldSessionBack) {
  world.lock_is_free = false;
  world.answer(id, 401);
  world.storage = "garbage";
  world.machine.handle(world.now, inputs::lock_granted(world.held.back().acquire_lock.run));
  world.drain();
  EXPECT_TRUE(world.refreshes.empty());
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::storage_corrupt);
  EXPECT_EQ(world.outcome[id], EffectKind::deliver);
}

TEST_F(SessionTabs, L2_TheSessionThatASignInReplacedIsNotTakenUpAgain) {
  const std::optional<std::string> old = newer("a2", "r2");
  world.sign_in(oauth_tokens("b1", "s1"));
  world.storage = old;  // another tab was about to write it
  world.wake();
  EXPECT_EQ(world.machine.access_token(), "b1");
  world.request(0, RequestKind::refresh);
  world.tokens(oauth_tokens("b2", "s2"));
  EXPECT_EQ(world.stored().access_token, "b2");
}

TEST_F(SessionTabs, S4_ARecordThatComesBackDuringARefreshEndsNothing) {
  const std::optional<std::string> record = world.storage;
  world.storage.reset();
  world.wake();
  world.lock_is_free = false;
  world.answer(id, 401);
  world.storage = record;
  world.wake();
  world.pass(100);
  EXPECT_TRUE(world.machine.signed_in());
}

TEST(SessionStorage, S1_ARecordIsRestoredAsItWas) {
  World first;
  first.start();
  first.sign_in(json_tokens("a1", R"(r\"\\1)", 900));
  World second;
  second.storage = first.storage;
  second.start();
  EXPECT_TRUE(second.machine.signed_in());
  EXPECT_EQ(second.machine.access_token(), "a1");
  EXPECT_EQ(second.machine.deadline(), first.machine.deadline());
  second.request(0, RequestKind::refresh);
  EXPECT_EQ(second.refreshes[0].token, R"(r"\1)");
  EXPECT_EQ(second.refreshes[0].dialect, Dialect::json);
}

TEST_F(SessionTabs, S4_ARecordRemovedBySomeoneElseMeansSignedOut) {
  world.storage.reset();
  world.wake();
  world.pass(100);
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::storage_cleared);
}

TEST_F(SessionTabs, L3_ASignOutElsewhereIsToldAsSuchWhicheverNewsComesFirst) {
  const std::uint64_t session = world.stored().session;
  world.storage.reset();
  world.wake();  // the storage event
  world.hear(write_peer_message({PeerMessage::Kind::signed_out, session}));
  world.pass(100);
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::signed_out_elsewhere);
}

TEST_F(SessionTabs, S4_ARecordThatIsThereAgainEndsNothing) {
  const std::optional<std::string> record = world.storage;
  world.storage.reset();
  world.wake();
  world.storage = record;
  world.wake();
  world.pass(100);
  EXPECT_TRUE(world.machine.signed_in());
}

// A busy tab asks anew before it has its answer, and again.
TEST_F(SessionTabs, S4_ARecordThatIsThereAgainEndsNothingWhoeverAskedForIt) {
  const std::optional<std::string> record = world.storage;
  world.storage.reset();
  world.wake();
  world.storage = record;
  world.storage_answers = false;
  world.wake();
  world.wake();
  world.storage_answers = true;
  world.reply(world.held.front());
  world.pass(100);
  EXPECT_TRUE(world.machine.signed_in());
  world.storage.reset();
  world.reply(world.held.back());
  world.pass(100);
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::storage_cleared);
}

TEST_F(SessionTabs, S4_ARecordRemovedDuringARefreshIsNotWrittenAgain) {
  world.answer(id, 401);
  world.storage.reset();
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_FALSE(world.storage.has_value());
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::storage_cleared);
  EXPECT_EQ(world.revoked, std::vector<std::string>{"r2"});
  EXPECT_EQ(world.outcome[id], EffectKind::deliver);
}

TEST_F(SessionTabs, L1_SignOutWinsOverARefreshInFlight) {
  world.answer(id, 401);
  world.sign_out();
  EXPECT_EQ(world.revoked, std::vector<std::string>{"r1"});
  EXPECT_EQ(world.outcome[id], EffectKind::deliver);
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_FALSE(world.storage.has_value());
  EXPECT_FALSE(world.machine.signed_in());
  EXPECT_EQ(world.revoked, (std::vector<std::string>{"r1", "r2"}));
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::signed_out);
}

TEST_F(SessionTabs, L1_AWriteOfAnEndedSessionIsRemovedAgain) {
  const std::optional<std::string> late = newer("a2", "r2");
  world.sign_out();
  world.storage = late;
  world.wake();
  EXPECT_FALSE(world.machine.signed_in());
  EXPECT_FALSE(world.storage.has_value());
}

TEST_F(SessionTabs, L2_ASignInDuringARefreshDropsTheOldResult) {
  world.answer(id, 401);
  const std::uint32_t unsent = world.request();
  world.sign_in(oauth_tokens("b1", "s1"));
  EXPECT_EQ(world.outcome[id], EffectKind::deliver);
  EXPECT_EQ(world.send_flags[unsent], static_cast<std::uint32_t>(go));  // no token of the new user
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_EQ(world.machine.access_token(), "b1");
  EXPECT_EQ(world.stored().access_token, "b1");
  EXPECT_EQ(world.revoked, std::vector<std::string>{"r2"});
}

TEST_F(SessionTabs, L2_A401OfTheOldSessionIsDelivered) {
  world.sign_in(oauth_tokens("b1", "s1"));
  EXPECT_TRUE(world.answer(id, 401));
  EXPECT_TRUE(world.refreshes.empty());
}

// A frozen tab, say: another one may have signed in by then, and its record is gone.
TEST_F(SessionTabs, X3_ARemovalThatComesLateIsToldWhenItHasTakenPlace) {
  world.storage_removes = false;
  world.sign_out();
  ASSERT_EQ(world.held.front().kind, EffectKind::remove_storage);
  const std::size_t told = world.messages.size();
  world.storage.reset();
  world.tell(inputs::of(InputKind::storage_removed));
  EXPECT_EQ(world.messages.size(), told + 1);
}

TEST_F(SessionTabs, X3_ATabWhoseOwnLateRemovalHitAnotherSessionNoticesIt) {
  world.storage_removes = false;
  world.sign_out();
  world.storage = record_of(99, 1, "b1", "s1");
  world.wake();
  ASSERT_EQ(world.machine.access_token(), "b1");
  world.storage.reset();
  world.tell(inputs::of(InputKind::storage_removed));
  world.pass(1'000);
  EXPECT_EQ(world.machine.access_token(), "");
  EXPECT_EQ(world.count(EffectKind::signedout), 2);
}

TEST_F(SessionTabs, L2_ASignInOnItsWayToTheStorageIsNotUndoneByWhatIsStored) {
  world.storage_answers = false;
  world.sign_in(oauth_tokens("b1", "s1"));
  world.storage_answers = true;
  world.wake();
  EXPECT_EQ(world.machine.access_token(), "b1");
  world.machine.handle(world.now,
                       inputs::storage_written(world.held.back().write_storage.operation));
  world.drain();
}

}  // namespace
}  // namespace bearerkit::test
