// Cookie and hybrid mode: C rules.
#include "machine_fixture.h"

namespace bearerkit::test {
namespace {

TEST(SessionCookie, C1_C2_CredentialsAndCsrfAndNoToken) {
  World world(with_mode(Mode::cookie));
  world.start();
  world.sign_in(R"({"expiresIn":900})");
  world.request();
  EXPECT_EQ(world.last & 0xff, go | credentials | tracked);
  world.request(unsafe_method);
  EXPECT_EQ(world.last & 0xff, go | credentials | csrf | tracked);
}

TEST(SessionCookie, C1_A401RefreshesOnceAndA204WillDo) {
  World world(with_mode(Mode::cookie));
  world.start();
  world.sign_in("{}");
  const std::uint32_t id = world.request();
  world.answer(id, 401);
  EXPECT_EQ(world.refreshes[0].token, "");
  world.tokens("", 204);
  EXPECT_EQ(world.outcome[id], EffectKind::retry);
}

TEST(SessionCookie, C3_NothingStoredIsASecret) {
  World world(with_mode(Mode::cookie));
  world.start();
  world.sign_in(R"({"accessToken":"canary","refreshToken":"canary","expiresIn":900})");
  EXPECT_EQ(world.storage->find("canary"), std::string::npos);
  EXPECT_EQ(world.stored().generation, 1u);
}

TEST(SessionCookie, C1_WithoutARecordTheCookieDecidesAndQuietlySo) {
  World world(with_mode(Mode::cookie));
  world.start();
  EXPECT_FALSE(world.machine.signed_in());
  const std::uint32_t id = world.request();
  EXPECT_NE(world.last & credentials, 0u);
  world.answer(id, 401);
  world.tokens("", 401);
  EXPECT_EQ(world.outcome[id], EffectKind::deliver);
  EXPECT_EQ(world.count(EffectKind::signedout), 0);
  EXPECT_TRUE(world.answer(world.request(), 401));  // and is not asked again
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST(SessionCookie, C1_ANewerGenerationOfAnotherTabIsAdopted) {
  World world(with_mode(Mode::cookie));
  world.start();
  world.sign_in(R"({"expiresIn":900})");
  const std::uint32_t id = world.request();
  Record record = world.stored();
  record.generation = 2;
  world.lock_is_free = false;
  world.answer(id, 401);
  world.storage = write_record(record, Mode::cookie);
  world.machine.handle(world.now, inputs::lock_granted(world.held.back().acquire_lock.run));
  world.drain();
  EXPECT_TRUE(world.refreshes.empty());
  EXPECT_EQ(world.outcome[id], EffectKind::retry);
}

TEST(SessionCookie, L2_NoRequestOfTheOldSessionGetsTheNewUsersCookie) {
  World world(with_mode(Mode::cookie));
  world.start();
  world.sign_in("{}");
  world.answer(world.request(), 401);
  const std::uint32_t unsent = world.request();
  world.sign_in("{}");
  EXPECT_EQ(world.send_flags[unsent], go | without_credentials);
}

TEST(SessionCookie, L2_HoweverManySignInElsewhereTheOwnOldRecordIsNotTakenUp) {
  World world(with_mode(Mode::cookie, false));
  world.start();
  world.sign_in(R"({"expiresIn":900})");
  const std::uint64_t own = world.stored().session;
  for (int i = 0; i < 20; i++) world.hear(write_peer_message({PeerMessage::Kind::signed_in, 99}));
  world.answer(world.request(), 401);
  ASSERT_EQ(world.refreshes.size(), 1u);
  world.tokens("", 204);
  EXPECT_NE(world.stored().session, own);
}

TEST(SessionHybrid, C4_OneQuietRefreshRestoresTheSession) {
  World world(with_mode(Mode::hybrid, false));
  world.start();
  const std::uint32_t id = world.request();
  ASSERT_EQ(world.refreshes.size(), 1u);
  EXPECT_EQ(world.refreshes[0].token, "");
  world.tokens(json_tokens("a1", "never-used"));
  EXPECT_TRUE(world.machine.signed_in());
  EXPECT_EQ(world.outcome[id], EffectKind::send);
  EXPECT_EQ(world.send_flags[id], go | with_token | tracked);
  EXPECT_EQ(world.storage->find("a1\""), std::string::npos);
  EXPECT_EQ(world.storage->find("never-used"), std::string::npos);
  EXPECT_EQ(world.count(EffectKind::signedin), 1);
}

TEST(SessionHybrid, C4_WhoCannotRefreshPresumesNothing) {
  Settings config = with_mode(Mode::hybrid);
  config.can_refresh = 0;
  World world(config);
  world.storage = R"({"version":1,"session":"0000000000000001","generation":2})";
  ASSERT_TRUE(read_record(*world.storage, Mode::hybrid).ok());
  world.start();
  EXPECT_TRUE(world.machine.started());
  EXPECT_FALSE(world.machine.signed_in());
  EXPECT_TRUE(world.refreshes.empty());
  EXPECT_FALSE(world.machine.refreshing());
  EXPECT_EQ(world.count(EffectKind::signedout), 0);
}

TEST(SessionHybrid, C4_WhoCannotRefreshIsSignedOutByAnotherTabsSignIn) {
  Settings config = with_mode(Mode::hybrid);
  config.can_refresh = 0;
  config.shared_storage = 0;
  World world(config);
  world.start();
  world.storage_answers = false;  // its own sign-in is on its way to the storage
  world.sign_in();
  world.hear(write_peer_message({PeerMessage::Kind::signed_in, 7}));
  EXPECT_FALSE(world.machine.signed_in());
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::signed_out_elsewhere);
  EXPECT_EQ(world.machine.poll_timeout(), kNever);
}

TEST(SessionHybrid, L2_AnotherUsersSignInElsewhereIsFollowedAndTold) {
  World world(with_mode(Mode::hybrid, false));
  world.start();
  world.tokens(json_tokens("a1", ""));
  const std::uint32_t id = world.request();
  world.answer(id, 401);
  world.hear(write_peer_message({PeerMessage::Kind::signed_in, 99}));  // the cookie is theirs now
  EXPECT_EQ(world.locks_held, 1);  // R1: the refresh that is on its way comes to its end
  world.tokens(json_tokens("whose", ""));
  EXPECT_EQ(world.outcome[id], EffectKind::deliver);
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::signed_out_elsewhere);
  world.tokens(json_tokens("b1", ""));
  EXPECT_EQ(world.machine.access_token(), "b1");
  EXPECT_EQ(world.count(EffectKind::signedin), 2);
}

TEST(SessionHybrid, L3_AnotherSessionInTheStorageIsTold) {
  World world(with_mode(Mode::hybrid));
  world.start();
  world.tokens(json_tokens("a1", ""));
  Record record = world.stored();
  record.session = 99;
  world.storage = write_record(record, Mode::hybrid);
  world.wake();
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::signed_out_elsewhere);
  world.refuse_twice();
  EXPECT_FALSE(world.machine.signed_in());
}

TEST(SessionHybrid, C4_ItsRefusalMeansSignedOutAndNoMore) {
  World world(with_mode(Mode::hybrid, false));
  world.start();
  const std::uint32_t id = world.request();
  world.tokens("", 401);
  EXPECT_FALSE(world.machine.signed_in());
  EXPECT_EQ(world.count(EffectKind::signedout), 0);
  EXPECT_EQ(world.send_flags[id], static_cast<std::uint32_t>(go));
}

TEST(SessionHybrid, C4_AnotherTabsTurnDoesNotEndTheWaitForTheOwnOne) {
  World world(with_mode(Mode::hybrid));
  world.start();
  world.tokens(json_tokens("a1", ""));
  world.lock_is_free = false;
  const std::uint32_t id = world.request();
  world.answer(id, 401);
  Record record = world.stored();
  record.generation = 7;
  world.storage = write_record(record, Mode::hybrid);
  world.wake();
  EXPECT_EQ(world.outcome.count(id), 0u);
}

TEST(SessionHybrid, C4_TabsTakeTurnsAndKeepTheirOwnAccessTokens) {
  World world(with_mode(Mode::hybrid));
  world.start();
  world.tokens(json_tokens("a1", ""));
  Record record = world.stored();
  record.generation = 7;  // another tab took its turn
  world.storage = write_record(record, Mode::hybrid);
  world.wake();
  EXPECT_EQ(world.machine.access_token(), "a1");
  world.answer(world.request(), 401);
  ASSERT_EQ(world.refreshes.size(), 2u);
  world.tokens(json_tokens("a2", ""));
  EXPECT_EQ(world.stored().generation, 8u);
}

// Signed in with access token "a1", in a storage that tabs share.
class HybridSignedIn : public ::testing::Test {
 protected:
  World world{with_mode(Mode::hybrid)};
  void SetUp() override {
    world.start();
    world.tokens(json_tokens("a1", ""));
  }
  // What another tab would have stored: the same session, or another one.
  std::string stored_by_another_tab(std::uint32_t generation, std::uint64_t session = 0) {
    Record record = world.stored();
    record.generation = generation;
    if (session != 0) record.session = session;
    return write_record(record, Mode::hybrid);
  }
};

TEST_F(HybridSignedIn, C4_AnotherTabsTurnDoesNotMakeTheOwnTokenNew) {
  const std::uint32_t id = world.request();
  world.storage = stored_by_another_tab(7);
  world.wake();
  world.answer(id, 401);
  EXPECT_EQ(world.refreshes.size(), 2u);  // not sent again with the token that was refused
  world.tokens(json_tokens("a2", ""));
  EXPECT_EQ(world.outcome[id], EffectKind::retry);
}

TEST_F(HybridSignedIn, C4_ATurnThatFailedDoesNotMakeTheOwnTokenNewEither) {
  const std::uint32_t sent = world.request();
  world.storage = stored_by_another_tab(7);
  world.request(0, RequestKind::refresh);
  world.tokens("", 503);
  EXPECT_TRUE(world.answer(sent, 401));
}

TEST_F(HybridSignedIn, R7_ARefusalOfACookieThatIsNoLongerTheNewestIsAskedAgain) {
  const std::uint32_t id = world.request();
  world.answer(id, 401);
  world.storage = stored_by_another_tab(2);  // the lock was lost, and another tab took its turn
  world.tokens("", 401);
  EXPECT_TRUE(world.machine.signed_in());
  ASSERT_EQ(world.refreshes.size(), 3u);
  world.tokens(json_tokens("a2", ""));
  EXPECT_EQ(world.outcome[id], EffectKind::retry);
  EXPECT_EQ(world.stored().generation, 3u);
}

TEST_F(HybridSignedIn, R7_ARefusalCountsThoughOtherTabsTookTheirTurnsBefore) {
  world.storage = stored_by_another_tab(7);
  world.answer(world.request(), 401);
  world.refuse_twice();
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::refresh_rejected);
}

TEST(SessionHybrid, L2_TokensThatCameForASessionAreNotTakenForTheOneThatReplacedIt) {
  World world(with_mode(Mode::hybrid));
  world.start();
  Record record;
  record.session = 99;
  record.generation = 1;
  world.storage = write_record(record, Mode::hybrid);  // somebody signed in elsewhere
  world.tokens(json_tokens("whose", ""));
  EXPECT_EQ(world.machine.access_token(), "");
  EXPECT_EQ(world.stored().generation, 1u);
  ASSERT_EQ(world.refreshes.size(), 2u);  // asked for with the new cookie
  world.tokens(json_tokens("b1", ""));
  EXPECT_EQ(world.machine.access_token(), "b1");
  EXPECT_EQ(world.stored().session, 99u);
}

// By the record of another tab, whose session has id 99.
class HybridWithRecord : public ::testing::Test {
 protected:
  World world{with_mode(Mode::hybrid)};
  void SetUp() override {
    Record record;
    record.session = 99;
    record.generation = 1;
    world.storage = write_record(record, Mode::hybrid);
    world.start();
  }
};

TEST_F(HybridWithRecord, X3_ASignOutOfAnEarlierSessionDoesNotEndIt) {
  world.hear(write_peer_message({PeerMessage::Kind::signed_out, 7}));
  world.wake();
  EXPECT_TRUE(world.storage.has_value());
  world.tokens(json_tokens("a1", ""));
  EXPECT_TRUE(world.machine.signed_in());
}

TEST_F(HybridWithRecord, X3_ItsOwnSignOutEndsIt) {
  world.hear(write_peer_message({PeerMessage::Kind::signed_out, 99}));
  world.tokens(json_tokens("a1", ""));
  EXPECT_FALSE(world.machine.signed_in());
}

TEST_F(HybridWithRecord, S4_WhenItsRecordIsGoneItIsOver) {
  world.storage.reset();
  world.tokens(json_tokens("a1", ""));
  EXPECT_FALSE(world.machine.signed_in());
  EXPECT_FALSE(world.storage.has_value());
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::storage_cleared);
}

}  // namespace
}  // namespace bearerkit::test
