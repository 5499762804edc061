// The refresh: R rules.
#include "machine_fixture.h"

namespace bearerkit::test {
namespace {

class SessionRefresh : public SignedIn {};

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
  for (const char* body :
       {"<html>login</html>", "", "{", "{}", "[]", R"({"access_token":""})",
        R"({"error":"invalid_client"})", R"({"access_token":"a2","token_type":"mac"})"}) {
    world.request(0, RequestKind::refresh);
    world.tokens(body);
    EXPECT_EQ(world.storage, before) << body;
    EXPECT_TRUE(world.machine.signed_in());
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
  world.machine.handle(
      world.now, inputs::storage_read(ReadPurpose::run, world.held.back().read_storage.operation,
                                      ReadOutcome::found, *world.storage));
  world.drain();
  EXPECT_EQ(world.held.back().kind, EffectKind::write_storage);
  EXPECT_FALSE(world.outcome.contains(id));
  world.machine.handle(world.now,
                       inputs::storage_written(world.held.back().write_storage.operation));
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
           Case{401, R"({"error":"invalid_client"})", false},
           Case{200, R"({"error":"invalid_grant"})", true},
           Case{401, "", true},
           Case{401, "Unauthorized", true},
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
    EXPECT_EQ(fresh.machine.signed_in(), !each.terminal) << each.status << each.body;
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
  EXPECT_TRUE(world.machine.signed_in());
  world.request(0, RequestKind::refresh);
  world.answer_refresh(RefreshAnswer{418, "", "", "", Override::terminal});
  EXPECT_FALSE(world.machine.signed_in());
}

TEST_F(SessionRefresh, R7_TheLoserAdoptsTheWinnersTokens) {
  world.answer(id, 401);
  world.storage = newer("a2", "r2");  // another tab was quicker
  world.tokens(R"({"error":"invalid_grant"})", 400);
  EXPECT_TRUE(world.machine.signed_in());
  EXPECT_EQ(world.machine.access_token(), "a2");
  EXPECT_EQ(world.outcome[id], EffectKind::retry);
  EXPECT_EQ(world.count(EffectKind::signedout), 0);
}

TEST_F(SessionRefresh, R8_ATransientFailureKeepsTheSessionAndTriesAgainByItself) {
  world.answer(id, 401);
  world.tokens("", 503);
  EXPECT_TRUE(world.machine.signed_in());
  EXPECT_EQ(world.count(EffectKind::refreshfailed), 1);
  EXPECT_EQ(world.locks_held, 0);
  EXPECT_LE(world.machine.poll_timeout(), world.now + 500);
  world.pass(501);
  EXPECT_EQ(world.refreshes.size(), 2u);
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_EQ(world.machine.access_token(), "a2");
  EXPECT_EQ(world.machine.poll_timeout(), kNever);
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
  EXPECT_TRUE(world.machine.signed_in());
}

// The next attempt may be given the very token that came too late (a server's grace window).
TEST_F(SessionRefresh, R9_AnAnswerAfterTheTimeoutIsNeitherStoredNorRevoked) {
  const std::optional<std::string> before = world.storage;
  world.answer(id, 401);
  world.pass(10 * kSecond);
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_EQ(world.storage, before);
  world.pass(kSecond);
  ASSERT_EQ(world.refreshes.size(), 2u);
  world.answer_refresh(world.refreshes[0].run,
                       RefreshAnswer{200, oauth_tokens("a2", "r2"), {}, {}, {}});
  world.drain();
  EXPECT_EQ(world.storage, before);
  EXPECT_TRUE(world.revoked.empty());
  world.tokens(oauth_tokens("a3", "r2"));
  EXPECT_EQ(world.stored().refresh_token, "r2");
  EXPECT_TRUE(world.revoked.empty());
}

TEST_F(SessionRefresh, R9_L1_AnAnswerAfterTheTimeoutAndTheSignOutIsRevoked) {
  world.answer(id, 401);
  world.pass(10 * kSecond);
  world.sign_out();
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_EQ(world.revoked, (std::vector<std::string>{"r1", "r2"}));
}

TEST_F(SessionRefresh, R9_L2_AnAnswerAfterTheTimeoutAndAnotherSignInIsRevoked) {
  world.answer(id, 401);
  world.pass(10 * kSecond);
  const std::uint32_t late = world.refreshes.back().run;
  world.storage = record_of(99, 1, "b1", "s1");  // in another tab
  world.wake();
  world.answer_refresh(late, RefreshAnswer{200, oauth_tokens("a2", "r2"), {}, {}, {}});
  world.drain();
  EXPECT_EQ(world.revoked, std::vector<std::string>{"r2"});
  EXPECT_EQ(world.machine.access_token(), "b1");
}

}  // namespace
}  // namespace bearerkit::test
