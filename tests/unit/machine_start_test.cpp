// What is known at the start (C5, L6), and a page that nobody has come to yet (X6).
#include "machine_fixture.h"

namespace bearerkit::test {
namespace {

// ---- C5: restoring --------------------------------------------------------------------------

TEST(Restoring, C5_InEveryModeUntilTheStorageIsRead) {
  for (const Mode mode : {Mode::bearer, Mode::hybrid, Mode::cookie}) {
    World world(with_mode(mode));
    world.storage_answers = false;
    EXPECT_TRUE(world.machine.restoring());
    world.start();
    EXPECT_TRUE(world.machine.restoring());
    world.storage_answers = true;
    world.reply(world.held.back());
    EXPECT_EQ(world.machine.restoring(), mode == Mode::hybrid);  // C1: a cookie is not asked
    EXPECT_FALSE(world.machine.signed_in());
  }
}

TEST(Restoring, C5_R10_AStorageThatNeverAnswersEndsIt) {
  World world;
  world.storage_answers = false;
  world.start();
  world.pass(world.config.storage_timeout);
  EXPECT_FALSE(world.machine.restoring());
}

TEST(Restoring, C5_HybridWithoutARecordUntilTheQuietRefreshIsAnswered) {
  World restored(with_mode(Mode::hybrid));
  restored.start();
  EXPECT_TRUE(restored.machine.restoring());
  restored.tokens(json_tokens("a1", ""));
  EXPECT_FALSE(restored.machine.restoring());
  EXPECT_TRUE(restored.machine.signed_in());
  World refused(with_mode(Mode::hybrid));
  refused.start();
  refused.tokens("", 401);
  EXPECT_FALSE(refused.machine.restoring());
  EXPECT_FALSE(refused.machine.signed_in());
}

TEST(Restoring, C5_AFailureForTheMomentCountsAsSignedOutAndStaysSoWhileItIsTriedAgain) {
  World world(with_mode(Mode::hybrid));
  world.start();
  world.refresh_fails();
  EXPECT_FALSE(world.machine.restoring());
  EXPECT_FALSE(world.machine.signed_in());
  world.wake(page_visible | network_back);
  world.pass(60 * kSecond);
  EXPECT_EQ(world.refreshes.size(), 2u);
  EXPECT_FALSE(world.machine.restoring());
  world.tokens(json_tokens("a1", ""));
  EXPECT_TRUE(world.machine.signed_in());
  EXPECT_EQ(world.count(EffectKind::signedin), 1);
}

TEST(Restoring, C5_AnotherSessionsCookieIsAskedForAnew) {
  World world(with_mode(Mode::hybrid, false));
  world.start();
  world.refresh_fails();
  world.hear(write_peer_message({PeerMessage::Kind::signed_in, 7}));
  EXPECT_TRUE(world.machine.restoring());
}

TEST(Restoring, C5_ASignOutEndsIt) {
  World world(with_mode(Mode::hybrid));
  world.start();
  world.sign_out();
  EXPECT_FALSE(world.machine.restoring());
}

TEST(Restoring, C5_ARecordIsKnowledgeBeforeTheServerSaysAnything) {
  World world(with_mode(Mode::hybrid));
  world.storage = record_of_session(99, 4, Mode::hybrid);
  world.start();
  EXPECT_TRUE(world.machine.signed_in());
  EXPECT_EQ(world.machine.access_token(), "");
  ASSERT_EQ(world.count(EffectKind::signedin), 1);
  EXPECT_EQ(world.events[0].value, static_cast<std::uint32_t>(SignInSource::restored));
  const RequestId id = world.request();
  EXPECT_EQ(world.outcome.count(id), 0u);  // waits for the token
  world.tokens(json_tokens("a1", ""));
  EXPECT_EQ(world.sent_with[id], "a1");
  EXPECT_EQ(world.count(EffectKind::signedin), 1);
  EXPECT_EQ(world.stored().session, 99u);
  EXPECT_EQ(world.stored().generation, 5u);
}

TEST(Restoring, C5_R8_OfflineItStaysSignedIn) {
  World world(with_mode(Mode::hybrid));
  world.storage = record_of_session(99, 4, Mode::hybrid);
  world.start();
  const RequestId token = world.request(0, RequestKind::token);
  world.refresh_fails();
  EXPECT_TRUE(world.machine.signed_in());
  EXPECT_EQ(world.finished[token], ErrorCode::refresh_failed);
  EXPECT_EQ(world.count(EffectKind::refreshfailed), 1);
  EXPECT_EQ(world.count(EffectKind::signedout), 0);
}

TEST(Restoring, C5_L3_ItsRefusalIsASignOutWithAReason) {
  World world(with_mode(Mode::hybrid));
  world.storage = record_of_session(99, 4, Mode::hybrid);
  world.start();
  world.refuse_twice();
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::refresh_rejected);
  EXPECT_EQ(world.machine.sign_out_reason(), SignOutReason::refresh_rejected);
  EXPECT_FALSE(world.storage.has_value());
}

TEST(Restoring, L6_TheReasonStaysWhenSomebodySignsInAgain) {
  World world;
  world.start();
  EXPECT_EQ(world.machine.sign_out_reason(), SignOutReason::none);
  world.sign_in();
  world.sign_out();
  world.sign_in();
  EXPECT_EQ(world.machine.sign_out_reason(), SignOutReason::signed_out);
}

// ---- X6: nobody has come to the page yet ----------------------------------------------------

void prerender(World& world) { world.tell(inputs::start(prerendering)); }

TEST(Prerendered, X6_NothingIsAskedAndNoLockIsWantedUntilSomebodyComes) {
  World world(with_mode(Mode::hybrid));
  prerender(world);
  EXPECT_TRUE(world.machine.restoring());
  const RequestId id = world.request();
  world.wake(prerendering);
  world.pass(600 * kSecond);
  EXPECT_EQ(world.lock_wanted, 0);
  EXPECT_TRUE(world.refreshes.empty());
  EXPECT_EQ(world.machine.poll_timeout(), kNever);
  world.wake(page_visible);
  ASSERT_EQ(world.refreshes.size(), 1u);
  world.tokens(json_tokens("a1", ""));
  EXPECT_EQ(world.sent_with[id], "a1");
  world.wake(page_visible);
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST(Prerendered, X6_InBearerModeACallWithAnExpiredTokenWaitsForSomebodyToCome) {
  World world(with_mode(Mode::bearer));
  world.storage = record_of(7, 1, "a1", "r1", world.now - kSecond);
  prerender(world);
  EXPECT_TRUE(world.machine.signed_in());
  const RequestId id = world.request();
  EXPECT_EQ(world.lock_wanted, 0);
  world.wake();
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_EQ(world.sent_with[id], "a2");
}

TEST(Prerendered, X6_WhatTheTokenIsGoodForGoesAtOnce) {
  World world(with_mode(Mode::bearer));
  world.storage = record_of(7, 1, "a1", "r1");
  prerender(world);
  world.request();
  EXPECT_EQ(world.last & 0xff, go | with_token | tracked);
  world.wake();
  EXPECT_EQ(world.lock_wanted, 0);
}

TEST(Prerendered, X6_WhatAnotherTabHasDoneMeanwhileIsNotAskedForAgain) {
  World world(with_mode(Mode::bearer));
  world.storage = record_of(7, 1, "a1", "r1", world.now - kSecond);
  prerender(world);
  const RequestId id = world.request();
  world.storage = record_of(7, 2, "a2", "r2");
  world.wake(prerendering);
  EXPECT_EQ(world.sent_with[id], "a2");
  world.wake();
  EXPECT_EQ(world.lock_wanted, 0);
}

TEST(Prerendered, X6_E8_KeepAliveSetsNoTimer) {
  Settings config = with_mode(Mode::bearer);
  config.keep_alive = 1;
  World world(config);
  world.storage = record_of(7, 1, "a1", "r1", world.now - kSecond);
  prerender(world);
  world.wake(prerendering | page_visible);
  EXPECT_EQ(world.machine.poll_timeout(), kNever);
  world.wake();
  world.pass(0);
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST(Prerendered, X6_ASignInOrASignOutLeavesNothingToAsk) {
  World signed_in(with_mode(Mode::hybrid));
  prerender(signed_in);
  signed_in.sign_in(json_tokens("a1", ""));
  signed_in.wake();
  EXPECT_TRUE(signed_in.refreshes.empty());
  World signed_out(with_mode(Mode::hybrid));
  prerender(signed_out);
  signed_out.sign_out();
  signed_out.wake();
  EXPECT_TRUE(signed_out.refreshes.empty());
}

}  // namespace
}  // namespace bearerkit::test
