// The refresh, the storage, the tabs, and the session's end: R, X, S, C and L rules.
#include "session_world.h"

namespace bearerkit::test {
namespace {

constexpr Milliseconds kSecond = 1000;

SessionConfig with_mode(Mode mode, bool shared = true) {
  SessionConfig config;
  config.mode = mode;
  config.shared_storage = shared;
  return config;
}

std::string record_of(std::uint64_t session, std::uint32_t generation, const std::string& access,
                      const std::string& refresh, Milliseconds deadline = kNever) {
  Record record;
  record.session = session;
  record.generation = generation;
  record.access_token = access;
  record.refresh_token = refresh;
  record.deadline = deadline;
  return write_record(record, Mode::bearer);
}

class SessionRefresh : public ::testing::Test {
 protected:
  World world{with_mode(Mode::bearer)};
  std::uint32_t id = 0;
  void SetUp() override {
    world.start();
    world.sign_in();
    id = world.request();
  }
  // What another tab would have stored.
  std::string newer(const std::string& access, const std::string& refresh) {
    const Record record = world.stored();
    return record_of(record.session, record.generation + 1, access, refresh);
  }
};

TEST_F(SessionRefresh, R3_TheDialectIsThatOfTheTokensHandedIn) {
  world.answer(id, 401);
  EXPECT_EQ(world.refreshes[0].dialect, Dialect::oauth);
  EXPECT_EQ(world.refreshes[0].token, "r1");
  World other;
  other.start();
  other.sign_in(json_tokens("a1", "r1"));
  other.answer(other.request(), 401);
  EXPECT_EQ(other.refreshes[0].dialect, Dialect::json);
}

TEST_F(SessionRefresh, R4_WhatIsNoTokenResponseIsTransientAndStoresNothing) {
  const std::optional<std::string> before = world.storage;
  for (const char* body : {"<html>login</html>", "", "{", "{}", "[]", R"({"access_token":""})",
                           R"({"access_token":"a2","token_type":"mac"})"}) {
    world.request(0, RequestKind::refresh);
    world.tokens(body);
    EXPECT_EQ(world.storage, before) << body;
    EXPECT_TRUE(world.session.signed_in());
  }
}

TEST_F(SessionRefresh, R5_ANewRefreshTokenReplacesTheOldAndNoneKeepsIt) {
  world.answer(id, 401);
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_EQ(world.stored().refresh_token, "r2");
  EXPECT_EQ(world.stored().generation, 2u);
  world.request(0, RequestKind::refresh);
  world.tokens(R"({"access_token":"a3","expires_in":900})");
  EXPECT_EQ(world.stored().refresh_token, "r2");
  EXPECT_EQ(world.stored().access_token, "a3");
}

TEST_F(SessionRefresh, R5_NoWaiterGoesOnBeforeTheNewTokensAreStored) {
  world.answer(id, 401);
  world.storage_answers = false;
  world.tokens(oauth_tokens("a2", "r2"));
  world.session.handle_storage_read(world.now, ReadPurpose::flow, world.held.back().ticket,
                                    ReadOutcome::found, *world.storage);
  world.drain();
  EXPECT_EQ(world.held.back().kind, EffectKind::write_storage);
  EXPECT_FALSE(world.outcome.contains(id));
  world.session.handle_storage_written(world.now, world.held.back().ticket);
  world.drain();
  EXPECT_EQ(world.outcome[id], EffectKind::retry);
}

TEST_F(SessionRefresh, R6_OnlyATerminalAnswerEndsTheSession) {
  struct Case {
    std::uint32_t status;
    const char* body;
    bool terminal;
  };
  for (const Case& each : {
           Case{400, R"({"error":"invalid_grant"})", true},
           Case{401, R"({"error":"invalid_client"})", true},
           Case{401, "", true},
           Case{401, R"({"message":"no"})", true},
           Case{401, "<html>", false},
           Case{400, R"({"error":"temporarily_unavailable"})", false},
           Case{403, "<html>captive portal</html>", false},
           Case{404, "", false},
           Case{408, "", false},
           Case{429, R"({"error":"invalid_grant"})", false},
           Case{500, R"({"error":"invalid_grant"})", false},
           Case{503, "", false},
           Case{0, "", false},
       }) {
    World fresh;
    fresh.start();
    fresh.sign_in();
    fresh.answer(fresh.request(), 401);
    fresh.tokens(each.body, each.status);
    EXPECT_EQ(fresh.session.signed_in(), !each.terminal) << each.status << each.body;
    if (each.terminal) {
      EXPECT_EQ(fresh.sign_out_reason(), SignOutReason::refresh_rejected);
    }
    EXPECT_EQ(fresh.storage.has_value(), !each.terminal);
  }
}

TEST_F(SessionRefresh, R6_TheAppCanOverrideTheClassification) {
  world.answer(id, 401);
  world.answer_refresh(
      RefreshAnswer{400, R"({"error":"invalid_grant"})", "", "", Override::transient});
  EXPECT_TRUE(world.session.signed_in());
  world.request(0, RequestKind::refresh);
  world.answer_refresh(RefreshAnswer{418, "", "", "", Override::terminal});
  EXPECT_FALSE(world.session.signed_in());
}

TEST_F(SessionRefresh, R7_TheLoserAdoptsTheWinnersTokens) {
  world.answer(id, 401);
  world.storage = newer("a2", "r2");  // another tab was quicker
  world.tokens(R"({"error":"invalid_grant"})", 400);
  EXPECT_TRUE(world.session.signed_in());
  EXPECT_EQ(world.session.access_token(), "a2");
  EXPECT_EQ(world.outcome[id], EffectKind::retry);
  EXPECT_EQ(world.count(Event::signedout), 0);
}

TEST_F(SessionRefresh, R8_ATransientFailureKeepsTheSessionAndTriesAgainByItself) {
  world.answer(id, 401);
  world.tokens("", 503);
  EXPECT_TRUE(world.session.signed_in());
  EXPECT_EQ(world.count(Event::refreshfailed), 1);
  EXPECT_EQ(world.locks_held, 0);
  EXPECT_LE(world.session.poll_timeout(), world.now + 500);
  world.pass(501);
  EXPECT_EQ(world.refreshes.size(), 2u);
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_EQ(world.session.access_token(), "a2");
  EXPECT_EQ(world.session.poll_timeout(), kNever);
}

TEST_F(SessionRefresh, R8_ItGivesUpTryingByItselfAndWaitsToBeAsked) {
  world.answer(id, 401);
  for (int i = 0; i < 50; i++) {
    world.tokens("", 503);
    world.pass(61 * kSecond);
  }
  EXPECT_EQ(world.refreshes.size(), 6u);
  world.request();
  EXPECT_EQ(world.refreshes.size(), 7u);
}

TEST_F(SessionRefresh, R8_RetryAfterIsHonoured) {
  for (const char* retry_after : {"120", "Tue, 14 Nov 2023 22:15:20 GMT"}) {
    World fresh;
    fresh.start();
    fresh.sign_in();
    fresh.answer(fresh.request(), 401);
    fresh.answer_refresh(
        RefreshAnswer{429, "", retry_after, "Tue, 14 Nov 2023 22:13:20 GMT", Override::none});
    fresh.pass(119 * kSecond);
    fresh.request();
    EXPECT_NE(fresh.last & go, 0u);
    EXPECT_EQ(fresh.refreshes.size(), 1u);
    fresh.pass(2 * kSecond);
    EXPECT_EQ(fresh.refreshes.size(), 2u);
  }
}

TEST_F(SessionRefresh, R8_AStillValidTokenIsUsedMeanwhile) {
  world.pass(880 * kSecond);
  world.request();
  world.tokens("", 503);
  world.request();
  EXPECT_EQ(world.last & (go | with_token), go | with_token);
}

TEST_F(SessionRefresh, R9_ARefreshHasATimeoutOfItsOwn) {
  world.answer(id, 401);
  world.pass(10 * kSecond);
  EXPECT_EQ(world.cancelled, 1);
  EXPECT_EQ(world.outcome[id], EffectKind::deliver);
  EXPECT_TRUE(world.session.signed_in());
}

TEST_F(SessionRefresh, X1_InsideTheLockANewerGenerationIsAdoptedWithoutARequest) {
  world.lock_is_free = false;
  world.answer(id, 401);
  world.storage = newer("a2", "r2");
  world.session.handle_lock_granted(world.now, world.held.back().ticket);
  world.drain();
  EXPECT_TRUE(world.refreshes.empty());
  EXPECT_EQ(world.outcome[id], EffectKind::retry);
  EXPECT_EQ(world.session.access_token(), "a2");
  EXPECT_EQ(world.locks_held, 0);
}

TEST_F(SessionRefresh, X1_ANewerGenerationThatHasExpiredTooIsRefreshedFromThere) {
  world.lock_is_free = false;
  world.answer(id, 401);
  const Record record = world.stored();
  world.storage = record_of(record.session, 2, "a2", "r2", world.now - 1);
  world.session.handle_lock_granted(world.now, world.held.back().ticket);
  world.drain();
  ASSERT_EQ(world.refreshes.size(), 1u);
  EXPECT_EQ(world.refreshes[0].token, "r2");
  world.tokens(oauth_tokens("a3", "r3"));
  EXPECT_EQ(world.stored().generation, 3u);
}

TEST_F(SessionRefresh, X2_TheWaitForTheLockIsBounded) {
  world.lock_is_free = false;
  world.answer(id, 401);
  world.pass(15 * kSecond);
  EXPECT_EQ(world.steals, 1);
  EXPECT_EQ(world.count(Event::warning), 1);
  world.pass(5 * kSecond);  // not even stealing helps
  EXPECT_EQ(world.refreshes.size(), 1u);
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_EQ(world.outcome[id], EffectKind::retry);
}

TEST_F(SessionRefresh, X2_ALockThatComesTooLateIsGivenBack) {
  world.lock_is_free = false;
  world.answer(id, 401);
  world.sign_out();
  world.session.handle_lock_granted(world.now, world.held.back().ticket);
  world.drain();
  EXPECT_EQ(world.locks_held, 0);
}

TEST_F(SessionRefresh, X2_AStaleResultIsNotCommitted) {
  world.answer(id, 401);
  world.storage = newer("b2", "s2");  // the lock was lost, and another tab refreshed
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_EQ(world.stored().access_token, "b2");
  EXPECT_EQ(world.session.access_token(), "b2");
  EXPECT_TRUE(world.revoked.empty());  // the same family
}

TEST_F(SessionRefresh, X3_AnotherTabsSignOutReachesThisOne) {
  World other(with_mode(Mode::bearer));
  other.storage = world.storage;
  other.start();
  other.sign_out();
  world.storage.reset();
  world.hear(other.messages.back());
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::signed_out_elsewhere);
}

TEST_F(SessionRefresh, X3_AnotherTabsSignInReachesThisOne) {
  world.sign_out();
  world.storage = record_of(99, 1, "b1", "s1");
  world.hear(write_peer_message({PeerMessage::Kind::changed, 99}));
  EXPECT_TRUE(world.session.signed_in());
  EXPECT_EQ(world.session.access_token(), "b1");
}

TEST_F(SessionRefresh, X3_AMessageOfAnEarlierSessionDoesNotEndThisOne) {
  world.hear(write_peer_message({PeerMessage::Kind::signed_out, 99}));
  EXPECT_TRUE(world.session.signed_in());
}

TEST_F(SessionRefresh, X3_ASessionThatEndedElsewhereEndsHereWithoutReadingTheStorage) {
  world.storage_answers = false;  // its removal may be on its way
  world.hear(write_peer_message({PeerMessage::Kind::ended, world.stored().session}));
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::signed_out_elsewhere);
}

TEST_F(SessionRefresh, L2_AnEndedSessionRemovesItsOwnRecordOnlyAndTakesUpAnother) {
  world.answer(id, 401);
  world.storage_answers = false;
  world.tokens(R"({"error":"invalid_grant"})", 400);
  world.session.handle_storage_read(world.now, ReadPurpose::flow, world.held.back().ticket,
                                    ReadOutcome::found, *world.storage);
  world.drain();
  world.storage_answers = true;
  world.storage = record_of(99, 1, "b1", "s1");  // another user signed in meanwhile
  world.reply(world.held.back());
  EXPECT_EQ(world.count(Event::signedout), 1);
  EXPECT_EQ(world.session.access_token(), "b1");
  EXPECT_EQ(world.stored().access_token, "b1");
}

TEST_F(SessionRefresh, X3_MessagesHoldNoToken) {
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

TEST_F(SessionRefresh, E8_WhenThePageWakesTheStorageIsReadAgain) {
  world.storage = newer("a2", "r2");
  world.wake();
  EXPECT_EQ(world.session.access_token(), "a2");
}

TEST(SessionStorage, S3_ABrokenRecordIsSignedOutAndTheAppIsTold) {
  for (const char* record : {"garbage", "{}", R"({"version":2})", "[1]",
                             R"({"version":1,"session":"0000000000000007","access_token":5})"}) {
    World world;
    world.storage = record;
    world.start();
    EXPECT_FALSE(world.session.signed_in());
    EXPECT_EQ(world.sign_out_reason(), SignOutReason::storage_corrupt) << record;
  }
}

TEST_F(SessionRefresh, S3_ARecordBrokenWhileSignedInEndsTheSessionAndIsNotRepaired) {
  world.storage = "garbage";
  world.wake();
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::storage_corrupt);
  EXPECT_EQ(world.storage, "garbage");
}

TEST_F(SessionRefresh, S3_L2_ARecordBrokenUnderTheLockBringsNoOldSessionBack) {
  world.lock_is_free = false;
  world.answer(id, 401);
  world.storage = "garbage";
  world.session.handle_lock_granted(world.now, world.held.back().ticket);
  world.drain();
  EXPECT_TRUE(world.refreshes.empty());
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::storage_corrupt);
  EXPECT_EQ(world.outcome[id], EffectKind::deliver);
}

TEST_F(SessionRefresh, X2_ALockGrantedToAFrozenTabIsAskedForAgain) {
  world.lock_is_free = false;
  world.answer(id, 401);
  const std::uint32_t granted = world.held.back().ticket;
  world.now += 60 * kSecond;  // no timer ran
  world.session.handle_lock_granted(world.now, granted);
  world.drain();
  EXPECT_TRUE(world.refreshes.empty());
  ASSERT_EQ(world.lock_wanted, 2);
  world.session.handle_lock_granted(world.now, world.held.back().ticket);
  world.drain();
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST_F(SessionRefresh, X2_ARecordReadForAFrozenTabIsReadAgainUnderTheLock) {
  world.storage_answers = false;
  world.answer(id, 401);
  const std::string before = *world.storage;
  const std::uint32_t reading = world.held.back().ticket;
  world.now += 60 * kSecond;
  world.session.handle_storage_read(world.now, ReadPurpose::flow, reading, ReadOutcome::found,
                                    before);
  world.drain();
  EXPECT_TRUE(world.refreshes.empty());
  EXPECT_EQ(world.lock_wanted, 2);
}

TEST_F(SessionRefresh, L2_TheSessionThatASignInReplacedIsNotTakenUpAgain) {
  const std::optional<std::string> old = newer("a2", "r2");
  world.sign_in(oauth_tokens("b1", "s1"));
  world.storage = old;  // another tab was about to write it
  world.wake();
  EXPECT_EQ(world.session.access_token(), "b1");
  world.request(0, RequestKind::refresh);
  world.tokens(oauth_tokens("b2", "s2"));
  EXPECT_EQ(world.stored().access_token, "b2");
}

TEST_F(SessionRefresh, S4_ARecordThatComesBackDuringARefreshEndsNothing) {
  const std::optional<std::string> record = world.storage;
  world.storage.reset();
  world.wake();
  world.lock_is_free = false;
  world.answer(id, 401);
  world.storage = record;
  world.wake();
  world.pass(100);
  EXPECT_TRUE(world.session.signed_in());
}

TEST(SessionStorage, S1_ARecordIsRestoredAsItWas) {
  World first;
  first.start();
  first.sign_in(json_tokens("a1", R"(r\"\\1)", 900));
  World second;
  second.storage = first.storage;
  second.start();
  EXPECT_TRUE(second.session.signed_in());
  EXPECT_EQ(second.session.access_token(), "a1");
  EXPECT_EQ(second.session.deadline(), first.session.deadline());
  second.request(0, RequestKind::refresh);
  EXPECT_EQ(second.refreshes[0].token, R"(r"\1)");
  EXPECT_EQ(second.refreshes[0].dialect, Dialect::json);
}

TEST_F(SessionRefresh, S4_ARecordRemovedBySomeoneElseMeansSignedOut) {
  world.storage.reset();
  world.wake();
  world.pass(100);
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::storage_cleared);
}

TEST_F(SessionRefresh, L3_ASignOutElsewhereIsToldAsSuchWhicheverNewsComesFirst) {
  const std::uint64_t session = world.stored().session;
  world.storage.reset();
  world.wake();  // the storage event
  world.hear(write_peer_message({PeerMessage::Kind::signed_out, session}));
  world.pass(100);
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::signed_out_elsewhere);
}

TEST_F(SessionRefresh, S4_ARecordThatIsThereAgainEndsNothing) {
  const std::optional<std::string> record = world.storage;
  world.storage.reset();
  world.wake();
  world.storage = record;
  world.wake();
  world.pass(100);
  EXPECT_TRUE(world.session.signed_in());
}

TEST_F(SessionRefresh, S4_ARecordRemovedDuringARefreshIsNotWrittenAgain) {
  world.answer(id, 401);
  world.storage.reset();
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_FALSE(world.storage.has_value());
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::storage_cleared);
  EXPECT_EQ(world.revoked, std::vector<std::string>{"r2"});
  EXPECT_EQ(world.outcome[id], EffectKind::deliver);
}

TEST_F(SessionRefresh, L1_SignOutWinsOverARefreshInFlight) {
  world.answer(id, 401);
  world.sign_out();
  EXPECT_EQ(world.revoked, std::vector<std::string>{"r1"});
  EXPECT_EQ(world.outcome[id], EffectKind::deliver);
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_FALSE(world.storage.has_value());
  EXPECT_FALSE(world.session.signed_in());
  EXPECT_EQ(world.revoked, (std::vector<std::string>{"r1", "r2"}));
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::signed_out);
}

TEST_F(SessionRefresh, L1_AWriteOfAnEndedSessionIsRemovedAgain) {
  const std::optional<std::string> late = newer("a2", "r2");
  world.sign_out();
  world.storage = late;
  world.wake();
  EXPECT_FALSE(world.session.signed_in());
  EXPECT_FALSE(world.storage.has_value());
}

TEST_F(SessionRefresh, L2_ASignInDuringARefreshDropsTheOldResult) {
  world.answer(id, 401);
  const std::uint32_t unsent = world.request();
  world.sign_in(oauth_tokens("b1", "s1"));
  EXPECT_EQ(world.outcome[id], EffectKind::deliver);
  EXPECT_EQ(world.send_flags[unsent], static_cast<std::uint32_t>(go));  // no token of the new user
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_EQ(world.session.access_token(), "b1");
  EXPECT_EQ(world.stored().access_token, "b1");
  EXPECT_EQ(world.revoked, std::vector<std::string>{"r2"});
}

TEST_F(SessionRefresh, L2_A401OfTheOldSessionIsDelivered) {
  world.sign_in(oauth_tokens("b1", "s1"));
  EXPECT_TRUE(world.answer(id, 401));
  EXPECT_TRUE(world.refreshes.empty());
}

TEST_F(SessionRefresh, L2_ASignInOnItsWayToTheStorageIsNotUndoneByWhatIsStored) {
  world.storage_answers = false;
  world.sign_in(oauth_tokens("b1", "s1"));
  world.storage_answers = true;
  world.wake();
  EXPECT_EQ(world.session.access_token(), "b1");
  world.session.handle_storage_written(world.now, world.held.back().ticket);
  world.drain();
}

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
