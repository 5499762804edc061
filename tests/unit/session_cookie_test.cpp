// Cookie and hybrid mode: C rules.
#include "session_fixture.h"

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
  EXPECT_FALSE(world.session.signed_in());
  const std::uint32_t id = world.request();
  EXPECT_NE(world.last & credentials, 0u);
  world.answer(id, 401);
  world.tokens("", 401);
  EXPECT_EQ(world.outcome[id], EffectKind::deliver);
  EXPECT_EQ(world.count(Event::signedout), 0);
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
  world.session.handle_lock_granted(world.now, world.held.back().ticket);
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
  EXPECT_TRUE(world.session.signed_in());
  EXPECT_EQ(world.outcome[id], EffectKind::send);
  EXPECT_EQ(world.send_flags[id], go | with_token | tracked);
  EXPECT_EQ(world.storage->find("a1\""), std::string::npos);
  EXPECT_EQ(world.storage->find("never-used"), std::string::npos);
  EXPECT_EQ(world.count(Event::signedin), 1);
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
  EXPECT_EQ(world.session.access_token(), "b1");
  EXPECT_EQ(world.count(Event::signedin), 2);
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
  world.tokens("", 401);
  EXPECT_FALSE(world.session.signed_in());
}

TEST(SessionHybrid, C4_ItsRefusalMeansSignedOutAndNoMore) {
  World world(with_mode(Mode::hybrid, false));
  world.start();
  const std::uint32_t id = world.request();
  world.tokens("", 401);
  EXPECT_FALSE(world.session.signed_in());
  EXPECT_EQ(world.count(Event::signedout), 0);
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
  EXPECT_EQ(world.session.access_token(), "a1");
  world.answer(world.request(), 401);
  ASSERT_EQ(world.refreshes.size(), 2u);
  world.tokens(json_tokens("a2", ""));
  EXPECT_EQ(world.stored().generation, 8u);
}

}  // namespace
}  // namespace bearerkit::test
