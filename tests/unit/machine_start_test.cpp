// What is known at the start, and who is asked for it: C5 to C8, L6, X6.
#include "machine_fixture.h"

namespace bearerkit::test {
namespace {

constexpr Milliseconds kDay = 24.0 * 60 * 60 * 1000;

std::string record_of_session(std::uint64_t session, std::uint32_t generation, Mode mode) {
  Record record;
  record.session = session;
  record.generation = generation;
  return write_record(record, mode);
}

Settings hybrid(Presumption presume = Presumption::usually) {
  Settings config = with_mode(Mode::hybrid);
  config.presume = presume;
  return config;
}

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
  World restored(hybrid());
  restored.start();
  EXPECT_TRUE(restored.machine.restoring());
  restored.tokens(json_tokens("a1", ""));
  EXPECT_FALSE(restored.machine.restoring());
  EXPECT_TRUE(restored.machine.signed_in());
  World refused(hybrid());
  refused.start();
  refused.tokens("", 401);
  EXPECT_FALSE(refused.machine.restoring());
  EXPECT_FALSE(refused.machine.signed_in());
}

TEST(Restoring, C5_AFailureForTheMomentCountsAsSignedOutAndStaysSoWhileItIsTriedAgain) {
  World world(hybrid());
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
  World world(hybrid());
  world.start();
  world.sign_out();
  EXPECT_FALSE(world.machine.restoring());
}

TEST(Restoring, C5_ARecordIsKnowledgeBeforeTheServerSaysAnything) {
  World world(hybrid());
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
  World world(hybrid());
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
  World world(hybrid());
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

// ---- C6, C8: who is not asked ---------------------------------------------------------------

class NotAsked : public ::testing::TestWithParam<Mode> {
 protected:
  // Hybrid mode asks by itself.
  static void ask(World& world) {
    if (GetParam() == Mode::cookie) world.answer(world.request(), 401);
  }
};
INSTANTIATE_TEST_SUITE_P(Modes, NotAsked, ::testing::Values(Mode::hybrid, Mode::cookie));

TEST_P(NotAsked, C6_C8_WhereNothingIsPresumedNobodyIsSignedInAndNothingIsAsked) {
  Settings config = with_mode(GetParam());
  config.presume = Presumption::never;
  World world(config);
  world.start();
  EXPECT_FALSE(world.machine.restoring());
  EXPECT_TRUE(world.answer(world.request(), 401));
  EXPECT_TRUE(world.refreshes.empty());
  EXPECT_EQ(world.lock_wanted, 0);
  EXPECT_EQ(world.machine.poll_timeout(), kNever);
}

TEST_P(NotAsked, C8_ARecordIsTakenUpAllTheSame) {
  Settings config = with_mode(GetParam());
  config.presume = Presumption::never;
  World world(config);
  world.storage = record_of_session(99, 4, GetParam());
  world.start();
  EXPECT_TRUE(world.machine.signed_in());
}

TEST_P(NotAsked, C7_TheServersNoIsRememberedForADay) {
  World first(with_mode(GetParam()));
  first.start();
  ask(first);
  first.tokens("", 401);
  ASSERT_TRUE(first.storage.has_value());
  World world(with_mode(GetParam()));
  world.storage = first.storage;
  world.now = first.now + kDay - 1;
  world.start();
  EXPECT_FALSE(world.machine.restoring());
  EXPECT_EQ(world.count(EffectKind::signedout), 0);
  EXPECT_TRUE(world.answer(world.request(), 401));
  EXPECT_TRUE(world.refreshes.empty());
  World later(with_mode(GetParam()));
  later.storage = first.storage;
  later.now = first.now + kDay;
  later.start();
  ask(later);
  EXPECT_EQ(later.refreshes.size(), 1u);
}

// A tab that knows of the no.
class Refused : public ::testing::Test {
 protected:
  static std::string no(Milliseconds at) {
    Record refusal;
    refusal.received = at;
    return write_record(refusal, Mode::hybrid);
  }
  World world{hybrid()};
  void SetUp() override {
    world.storage = no(world.now - kSecond);
    world.start();
    ASSERT_TRUE(world.refreshes.empty());
  }
};

TEST_F(Refused, C3_C7_TheNoHoldsNoSecretAndNoSession) {
  EXPECT_EQ(no(5), R"({"version":1,"session":"0000000000000000","generation":0,"received":5})");
  EXPECT_FALSE(read_record(no(5), Mode::bearer).ok());
  EXPECT_FALSE(read_record(R"({"version":1,"generation":2,"received":5})", Mode::hybrid).ok());
}

TEST_F(Refused, C7_RefreshAsksAllTheSame) {
  const RequestId id = world.request(0, RequestKind::refresh);
  ASSERT_EQ(world.refreshes.size(), 1u);
  EXPECT_TRUE(world.machine.restoring());
  world.tokens(json_tokens("a1", ""));
  EXPECT_TRUE(world.machine.signed_in());
  EXPECT_EQ(world.finished[id], ErrorCode::none);
}

TEST_F(Refused, C7_OnceInAPage) {
  const RequestId id = world.request(0, RequestKind::refresh);
  world.tokens("", 401);
  EXPECT_EQ(world.finished[id], ErrorCode::refresh_rejected);
  EXPECT_EQ(world.finished[world.request(0, RequestKind::refresh)], ErrorCode::signed_out);
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST_F(Refused, C7_ASignInReplacesTheNo) {
  world.sign_in(json_tokens("a1", ""));
  EXPECT_EQ(world.stored().generation, 1u);
  world.sign_out();
  EXPECT_FALSE(world.storage.has_value());
}

TEST_F(Refused, C7_X3_ASignInInAnotherTabIsFollowed) {
  world.storage = record_of_session(99, 1, Mode::hybrid);
  world.hear(write_peer_message({PeerMessage::Kind::signed_in, 99}));
  EXPECT_TRUE(world.machine.signed_in());
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST_F(Refused, C8_TheAppKnowsBetter) {
  World better(hybrid(Presumption::always));
  better.storage = world.storage;
  better.start();
  EXPECT_EQ(better.refreshes.size(), 1u);
}

TEST_F(Refused, C7_E5_ANoOfAnotherClockIsNotBelieved) {
  World other(hybrid());
  other.storage = no(other.now + kDay);
  other.start();
  EXPECT_EQ(other.refreshes.size(), 1u);
}

TEST_F(Refused, C7_ALookAtItChangesNothing) {
  const std::optional<std::string> before = world.storage;
  world.wake();
  EXPECT_EQ(world.storage, before);
  EXPECT_EQ(world.count(EffectKind::signedout), 0);
}

TEST_F(Refused, C7_L1_WrittenOverASessionItIsReplacedByARefresh) {
  const std::optional<std::string> refusal = world.storage;
  world.sign_in(json_tokens("a1", ""));
  world.storage = refusal;  // another tab's, which had not seen the sign-in
  world.wake();
  EXPECT_TRUE(world.machine.signed_in());
  ASSERT_EQ(world.refreshes.size(), 1u);
  world.tokens(json_tokens("a2", ""));
  EXPECT_EQ(world.stored().generation, 2u);
}

TEST(Remember, C7_ASessionThatAnotherTabStoredMeanwhileIsNotReplacedByANo) {
  World world(hybrid());
  world.start();
  world.storage = record_of_session(99, 1, Mode::hybrid);  // somebody signs in elsewhere
  world.tokens("", 401);                                   // it was the cookie before
  EXPECT_EQ(world.stored().session, 99u);
  EXPECT_TRUE(world.machine.signed_in());
}

TEST(Remember, C7_TheEndOfASessionIsNoSuchNo) {
  World world(hybrid());
  world.start();
  world.sign_in(json_tokens("a1", ""));
  world.answer(world.request(), 401);
  world.refuse_twice();
  EXPECT_FALSE(world.storage.has_value());
}

// ---- X6: nobody has come to the page yet ----------------------------------------------------

void prerender(World& world) { world.tell(inputs::start(prerendering)); }

TEST(Prerendered, X6_NothingIsAskedAndNoLockIsWantedUntilSomebodyComes) {
  World world(hybrid());
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
  World signed_in(hybrid());
  prerender(signed_in);
  signed_in.sign_in(json_tokens("a1", ""));
  signed_in.wake();
  EXPECT_TRUE(signed_in.refreshes.empty());
  World signed_out(hybrid());
  prerender(signed_out);
  signed_out.sign_out();
  signed_out.wake();
  EXPECT_TRUE(signed_out.refreshes.empty());
}

}  // namespace
}  // namespace bearerkit::test
