// Which 401 is of use: R14, F9, F10, and tokens that were refused elsewhere (E6).
#include "formats/core_limits.h"
#include "machine_fixture.h"

namespace bearerkit::test {
namespace {

constexpr std::uint32_t kChangePassword = 77;
constexpr std::uint32_t kOther = 78;

class MachineEndpoints : public SignedIn {
 protected:
  // A call to an endpoint that answers `status`. Gives how often it was sent.
  int call(std::uint32_t endpoint, std::uint32_t status, std::uint32_t flags = 0) {
    const RequestId request = world.request(flags);
    if (world.outcome[request] != EffectKind::send && (world.last & go) == 0) answer_refresh();
    int sent = 1;
    if (respond(request, status, endpoint)) return sent;
    if (!world.refreshes.empty() && world.machine.refreshing()) answer_refresh();
    if (world.outcome[request] == EffectKind::retry) {
      sent++;
      EXPECT_TRUE(respond(request, status, endpoint));
    }
    return sent;
  }
  void answer_refresh() {
    const std::string serial = std::to_string(world.refreshes.size());
    world.tokens(oauth_tokens("fresh" + serial, "rt" + serial));
  }
  bool respond(RequestId request, std::uint32_t status, std::uint32_t endpoint) {
    world.last = world.machine.handle_response(world.now, request, status, {}, true, endpoint);
    world.drain();
    return (world.last & go) != 0;
  }
};

TEST_F(MachineEndpoints, R14_A401ThatAFreshTokenDidNotCureStartsNoFurtherRefresh) {
  EXPECT_EQ(call(kChangePassword, 401), 2);
  for (int i = 0; i < 4; i++) EXPECT_EQ(call(kChangePassword, 401), 1);
  EXPECT_EQ(world.refreshes.size(), 1u);
  EXPECT_TRUE(world.machine.knows_endpoints());
}

TEST_F(MachineEndpoints, R14_AnotherEndpointsRefusalStillCounts) {
  call(kChangePassword, 401);
  EXPECT_EQ(call(kOther, 401), 2);
  EXPECT_EQ(world.refreshes.size(), 2u);
}

TEST_F(MachineEndpoints, R14_AnotherAnswerMakesTheEndpointGoodAgain) {
  call(kChangePassword, 401);
  EXPECT_EQ(call(kChangePassword, 200), 1);
  EXPECT_FALSE(world.machine.knows_endpoints());
  EXPECT_EQ(call(kChangePassword, 401), 2);
}

TEST_F(MachineEndpoints, R14_ASignInMakesTheEndpointGoodAgain) {
  call(kChangePassword, 401);
  world.sign_in(oauth_tokens("b1", "s1"));
  EXPECT_FALSE(world.machine.knows_endpoints());
  EXPECT_EQ(call(kChangePassword, 401), 2);
}

TEST_F(MachineEndpoints, R14_ATokenThatHasReallyExpiredIsRefreshedAllTheSame) {
  call(kChangePassword, 401);
  const RequestId early = world.request();
  world.now += 901 * kSecond;  // the token's life is over when the answer comes
  EXPECT_FALSE(respond(early, 401, kChangePassword));
  EXPECT_EQ(world.refreshes.size(), 2u);
}

TEST_F(MachineEndpoints, R14_TheTokenIsNotMarkedByAHopelessEndpoint) {
  call(kChangePassword, 401);
  call(kChangePassword, 401);
  const RequestId next = world.request();
  EXPECT_EQ(world.last & (go | with_token), go | with_token) << next;
}

TEST_F(MachineEndpoints, R14_AStreamThatIsRefusedWithAFreshTokenTooStartsNoFurtherRefresh) {
  for (int i = 0; i < 5; i++) EXPECT_EQ(call(kChangePassword, 401, one_shot_body), 1);
  EXPECT_EQ(world.refreshes.size(), 1u) << "the first one said something of the token";
  EXPECT_EQ(call(kChangePassword, 401), 1) << "the endpoint is known, whatever is sent";
  EXPECT_EQ(call(kOther, 200), 1);
  EXPECT_EQ(world.refreshes.size(), 1u) << "the token is still good elsewhere";
  EXPECT_EQ(call(kChangePassword, 200), 1);
  EXPECT_FALSE(world.machine.knows_endpoints());
}

TEST_F(MachineEndpoints, R14_TwoStreamsThatAreRefusedWithOneTokenSayNothingOfTheEndpoint) {
  const RequestId first = world.request(one_shot_body);
  const RequestId second = world.request(one_shot_body);
  EXPECT_TRUE(respond(first, 401, kChangePassword));
  EXPECT_TRUE(respond(second, 401, kChangePassword));
  EXPECT_EQ(call(kChangePassword, 200, one_shot_body), 1);
  EXPECT_EQ(world.refreshes.size(), 1u) << "the token was refused";
  EXPECT_EQ(call(kChangePassword, 401), 2);
}

TEST_F(MachineEndpoints, R14_FreshIsLessThanAMinuteWhenTheStreamIsSent) {
  call(kChangePassword, 401, one_shot_body);
  EXPECT_EQ(call(kOther, 200), 1);
  world.now += 59 * kSecond;
  const RequestId slow = world.request(one_shot_body);
  world.now += 300 * kSecond;
  EXPECT_TRUE(respond(slow, 401, kChangePassword));
  EXPECT_EQ(call(kOther, 200), 1);
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST_F(MachineEndpoints, R14_AnOldTokenThatAStreamIsRefusedWithIsRefreshedEachTime) {
  for (std::size_t i = 1; i <= 3; i++) {
    world.now += 300 * kSecond;  // where nobody knows when tokens end, it may have
    call(kChangePassword, 401, one_shot_body);
    EXPECT_EQ(call(kOther, 200), 1);
    EXPECT_EQ(world.refreshes.size(), i);
  }
}

TEST_F(MachineEndpoints, F9_TheCallerOfANoRetryRequestGetsIts401) {
  const RequestId request = world.request(no_retry);
  EXPECT_TRUE(world.answer(request, 401));
  EXPECT_TRUE(world.refreshes.empty());
  world.request();
  EXPECT_NE(world.last & go, 0u) << "the token is still good";
}

TEST_F(MachineEndpoints, F9_ANoRetryRequestIsRefreshedAheadOfExpiry) {
  world.now += 901 * kSecond;
  const RequestId request = world.request(no_retry);
  EXPECT_EQ(world.last & go, 0u);
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_EQ(world.outcome[request], EffectKind::send);
  EXPECT_EQ(world.sent_with[request], "a2");
}

TEST_F(MachineEndpoints, F10_ARequestThatCannotWaitIsSentWithTheTokenThereIs) {
  world.now += 901 * kSecond;
  world.request(cannot_wait);
  EXPECT_EQ(world.last & (go | with_token), go | with_token);
  EXPECT_TRUE(world.refreshes.empty());
}

TEST(MachineUrgent, F10_BeforeTheStorageIsReadItIsSentPlain) {
  World world;
  world.storage_answers = false;
  world.start();
  world.request(cannot_wait);
  EXPECT_EQ(world.last & (go | with_token), static_cast<std::uint32_t>(go));
  world.request();
  EXPECT_EQ(world.last & go, 0u);
}

TEST_F(MachineEndpoints, F11_ARequestThatWasAbortedBeforeIsNotOurs) {
  for (const bool expired : {false, true}) {
    if (expired) world.now += 901 * kSecond;
    world.request(aborted | one_shot_body);
    EXPECT_EQ(world.last, static_cast<std::uint32_t>(go));
  }
  EXPECT_TRUE(world.refreshes.empty());
  EXPECT_TRUE(world.answer(id, 200)) << "another's request goes on";
}

// ---- R15: what the app calls a refusal ----

class MachineRefusals : public MachineEndpoints {
 protected:
  // True when the app is to be asked.
  bool asks(RequestId request, std::uint32_t status, std::uint32_t flags,
            std::string_view challenge = {}) {
    world.last = world.machine.handle_response(world.now, request, status, challenge, flags);
    world.drain();
    return (world.last & (go | tracked)) == tracked;
  }
  static constexpr std::uint32_t kBoth = final_origin_allowed | app_may_refuse;
};

TEST_F(MachineRefusals, R15_TheAppIsAskedAboutEachAnswerButA401) {
  for (const std::uint32_t status : {200u, 204u, 302u, 403u, 419u, 500u}) {
    const RequestId request = world.request();
    EXPECT_TRUE(asks(request, status, kBoth)) << status;
    EXPECT_TRUE(world.answer(request, status)) << "told again, it is delivered";
  }
  EXPECT_FALSE(asks(world.request(), 401, kBoth));
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST_F(MachineRefusals, R15_TheAppIsAskedAboutA401ThatSaysNothingOfTheToken) {
  for (const char* challenge :
       {"jwt-auth", "Basic realm=\"x\"", "Bearer error=\"invalid_request\""}) {
    const RequestId request = world.request();
    EXPECT_TRUE(asks(request, 401, kBoth, challenge)) << challenge;
    EXPECT_FALSE(asks(request, 401, final_origin_allowed, challenge)) << challenge;
    EXPECT_EQ(world.last & go, go) << "told again with its challenge, it is delivered";
    EXPECT_FALSE(asks(world.request(no_retry), 401, kBoth, challenge)) << challenge;
  }
  // A step-up is told, and is not to be talked away.
  EXPECT_FALSE(
      asks(world.request(), 401, kBoth, "Bearer error=\"insufficient_user_authentication\""));
  EXPECT_EQ(world.count(EffectKind::challenge), 1);
  EXPECT_TRUE(world.refreshes.empty());
  const RequestId request = world.request();
  EXPECT_TRUE(asks(request, 401, kBoth, "jwt-auth"));
  EXPECT_FALSE(respond(request, 401, kOther));
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST_F(MachineRefusals, R15_TheAppIsNotAskedAboutWhatIsDeliveredAnyway) {
  EXPECT_FALSE(asks(world.request(), 403, final_origin_allowed));  // it has no word
  EXPECT_FALSE(asks(world.request(), 403, app_may_refuse));        // B8
  EXPECT_FALSE(asks(world.request(no_retry), 403, kBoth));         // F9
  EXPECT_FALSE(asks(world.request(), 0, kBoth));                   // F5
  const RequestId old = world.request();
  world.sign_in(oauth_tokens("b1", "s1"));
  EXPECT_FALSE(asks(old, 403, kBoth));  // L2
  EXPECT_TRUE(world.refreshes.empty());
}

TEST_F(MachineRefusals, R15_ARefusalIsA401WithAllThatFollows) {
  const RequestId request = world.request();
  EXPECT_TRUE(asks(request, 403, kBoth));
  EXPECT_FALSE(respond(request, 401, kOther));
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_EQ(world.outcome[request], EffectKind::retry);
  EXPECT_TRUE(asks(request, 403, kBoth)) << "the second answer tells of the endpoint (R14)";
  EXPECT_TRUE(respond(request, 401, kOther));
  EXPECT_TRUE(world.machine.knows_endpoints());
  EXPECT_TRUE(asks(world.request(), 200, kBoth)) << "the endpoint stays hopeless until it is said";
  EXPECT_TRUE(world.machine.knows_endpoints());
}

// ---- B10, B11: what the app is told ----

constexpr std::uint32_t foreign(std::uint32_t number) {
  return foreign_origin | number << kOriginNumberShift;
}

TEST_F(MachineEndpoints, B10_AForeignOriginIsToldOnce) {
  for (int i = 0; i < 3; i++) {
    for (const std::uint32_t number : {5u, 6u}) {
      world.request(foreign(number));
      EXPECT_EQ(world.last & ~static_cast<std::uint32_t>(effects), static_cast<std::uint32_t>(go));
    }
  }
  EXPECT_EQ(world.count(EffectKind::warning), 2);
  EXPECT_EQ(world.events.back().value, static_cast<std::uint32_t>(Warning::origin_not_listed));
}

TEST_F(MachineEndpoints, B10_NotWhereNoTokenIsMissing) {
  world.request(foreign(0));  // no origin that could be listed
  for (const std::uint32_t flag : {caller_authorization, no_cors, aborted}) {
    world.request(foreign(5) | flag);
  }
  world.sign_out();
  world.request(foreign(5));
  EXPECT_EQ(world.count(EffectKind::warning), 0);
  world.sign_in();
  world.request(foreign(5));
  EXPECT_EQ(world.count(EffectKind::warning), 1);
}

TEST_F(MachineEndpoints, B10_AsManyOriginsAsAnAppCouldList) {
  for (std::uint32_t number = 1; number <= 1000; number++) world.request(foreign(number));
  EXPECT_EQ(world.count(EffectKind::warning), static_cast<int>(limits::kMaxOrigins));
}

constexpr const char* kStepUp =
    R"(Bearer error="insufficient_user_authentication", acr_values="g s", max_age="60", scope="p")";

TEST_F(MachineEndpoints, B11_AStepUpIsDeliveredAndTold) {
  EXPECT_TRUE(world.answer(world.request(), 401, kStepUp));
  EXPECT_TRUE(world.answer(world.request(no_retry), 401,
                           R"(Bearer error="insufficient_user_authentication")"));
  ASSERT_EQ(world.challenges.size(), 2u);
  EXPECT_EQ(world.challenges[0].acr_values, "g s");
  EXPECT_EQ(world.challenges[0].max_age.seconds, 60);
  EXPECT_EQ(world.challenges[0].scope, "p");
  EXPECT_EQ(world.challenges[1].acr_values, "");
  EXPECT_EQ(world.challenges[1].scope, "");
  EXPECT_FALSE(world.challenges[1].max_age.has_value());
  EXPECT_TRUE(world.refreshes.empty());
}

TEST_F(MachineEndpoints, B11_NotOfAForeignAnswerNorOfAnOldSession) {
  EXPECT_TRUE(world.answer(world.request(), 401, kStepUp, false));
  world.answer(world.request(), 403, kStepUp);
  const RequestId old = world.request();
  world.sign_in(oauth_tokens("b1", "s1"));
  EXPECT_TRUE(world.answer(old, 401, kStepUp));
  EXPECT_TRUE(world.challenges.empty());
}

TEST_F(MachineEndpoints, E6_LateReportsOfOneRefusedTokenMakeOneRefresh) {
  for (int i = 0; i < 5; i++) {
    world.tell(inputs::of(InputKind::token_refused, "a1"));
    world.request(0, RequestKind::token);
    if (i == 0) world.tokens(oauth_tokens("a2", "r2"));
  }
  EXPECT_EQ(world.refreshes.size(), 1u);
  world.tell(inputs::of(InputKind::token_refused, "a2"));
  world.request(0, RequestKind::token);
  EXPECT_EQ(world.refreshes.size(), 2u);
}

TEST(MachineRefusedToken, E6_AReportBeforeTheStorageIsReadIsOfTheTokenThatIsFound) {
  World world;
  world.storage = record_of(7, 1, "a1", "r1");
  world.storage_answers = false;
  world.start();
  world.tell(inputs::of(InputKind::token_refused, "a1"));
  const RequestId call = world.request(0, RequestKind::token);
  world.storage_answers = true;
  world.reply(world.held.back());
  EXPECT_EQ(world.outcome.count(call), 0u);
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_EQ(world.outcome[call], EffectKind::finish);
  EXPECT_EQ(world.machine.access_token(), "a2");
  // It says nothing of another session.
  world.sign_in(oauth_tokens("a1", "r3"));
  world.request(0, RequestKind::token);
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST(MachineRefusedToken, E6_InCookieModeThereIsNoTokenToRefuse) {
  World world(with_mode(Mode::cookie));
  world.start();
  world.sign_in("{}");
  world.tell(inputs::of(InputKind::token_refused, ""));
  world.request();
  EXPECT_NE(world.last & go, 0u);
  EXPECT_TRUE(world.refreshes.empty());
}

}  // namespace
}  // namespace bearerkit::test
