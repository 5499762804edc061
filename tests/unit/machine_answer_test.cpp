// R17–R20: what an answer to a refresh means for the session.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "machine_fixture.h"

namespace bearerkit::test {
namespace {

const std::string kNo = R"({"error":"invalid_grant"})";

class MachineAnswer : public SignedIn {
 protected:
  void demand() { world.request(0, RequestKind::refresh); }
  void refuse(std::uint32_t status = 403, const std::string& body = R"({"message":"no"})") {
    demand();
    world.tokens(body, status);
  }
  // The causes that the app was told of, of one kind of event.
  std::vector<std::uint32_t> causes(EffectKind kind) const {
    std::vector<std::uint32_t> found;
    for (const Emitted& emitted : world.events) {
      if (emitted.kind == kind) found.push_back(emitted.cause);
    }
    return found;
  }
};

// ---- R17 ------------------------------------------------------------------------------------

TEST_F(MachineAnswer, R17_ThreeUnclearRefusalsOverAMinuteAndAHalfEndTheSession) {
  refuse();
  world.now += 45 * kSecond;
  refuse();
  EXPECT_TRUE(world.machine.signed_in());
  world.now += 45 * kSecond;
  refuse();
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::refresh_rejected);
}

TEST_F(MachineAnswer, R17_NeitherManyInAMinuteNorTwoInALongTimeDo) {
  for (int i = 0; i < 30; i++) {
    refuse();
    world.now += 2.9 * kSecond;
  }
  EXPECT_TRUE(world.machine.signed_in());
  demand();
  world.tokens(oauth_tokens("a2", "r2"));
  refuse();
  world.now += 3'600 * kSecond;
  refuse();
  EXPECT_TRUE(world.machine.signed_in());
}

TEST_F(MachineAnswer, R17_ASuccessBeginsItAnewAndWhatPassesDoesNot) {
  refuse();
  world.now += 60 * kSecond;
  refuse(503, "");
  world.now += 60 * kSecond;
  refuse();
  demand();
  world.tokens(oauth_tokens("a2", "r2"));
  world.now += 60 * kSecond;
  refuse();
  refuse();
  world.now += 60 * kSecond;
  refuse(503, "");
  EXPECT_TRUE(world.machine.signed_in()) << "two since the success";
  world.now += 60 * kSecond;
  refuse();
  EXPECT_FALSE(world.machine.signed_in());
}

TEST_F(MachineAnswer, R17_ItComesToAnEndAlsoWhereNobodyCalls) {
  world.answer(id, 401);
  world.tokens("{}", 403);
  const Milliseconds begin = world.now;
  int tries = 1;
  while (world.machine.signed_in()) {
    const Milliseconds next = world.machine.poll_timeout();
    ASSERT_LT(next, begin + 600 * kSecond);
    const std::size_t before = world.refreshes.size();
    world.now = next;
    world.tell(inputs::of(InputKind::timeout));
    if (world.refreshes.size() == before) continue;
    world.tokens("{}", 403);
    tries++;
  }
  EXPECT_GE(world.now - begin, 90 * kSecond);
  EXPECT_GE(tries, 3);
  EXPECT_LT(tries, 60);
}

TEST_F(MachineAnswer, R17_E5_AClockThatIsSetBackDoesNotStretchIt) {
  refuse();
  world.now -= 86'400 * kSecond;
  refuse();
  world.now += 90 * kSecond;
  refuse();
  EXPECT_FALSE(world.machine.signed_in());
}

TEST_F(MachineAnswer, R17_TheAppsWordGoesBefore) {
  for (int i = 0; i < 5; i++) {
    demand();
    world.answer_refresh({403, "{}", "", "", Override::transient});
    world.now += 60 * kSecond;
  }
  EXPECT_TRUE(world.machine.signed_in());
}

// ---- R18 ------------------------------------------------------------------------------------

class RefusedRefresh : public MachineAnswer {
 protected:
  // In the margin before its end a call goes out with the token, and the refresh is refused.
  void SetUp() override {
    MachineAnswer::SetUp();
    world.answer(id, 200);
    world.now += 880 * kSecond;
    id = world.request();
    ASSERT_EQ(world.refreshes.size(), 1u);
    world.tokens(kNo, 400);
  }
};

TEST_F(RefusedRefresh, R18_TheSessionEndsWhenItsTokenHasRunOut) {
  EXPECT_TRUE(world.machine.signed_in());
  EXPECT_EQ(world.count(EffectKind::refreshfailed), 1);
  EXPECT_EQ(world.events.back().at, kNever);
  EXPECT_EQ(world.locks_held, 0);
  EXPECT_EQ(world.machine.poll_timeout(), world.now + 20 * kSecond);
  world.pass(19 * kSecond);
  world.request();
  EXPECT_EQ(world.last & 0xff, go | with_token | tracked);
  world.pass(kSecond);
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::refresh_rejected);
  const RefreshCause cause = {RefreshCauseKind::oauth_error, 400, OAuthError::invalid_grant};
  EXPECT_EQ(causes(EffectKind::signedout), std::vector{cause.packed()});
  EXPECT_EQ(world.refreshes.size(), 1u) << "never asked again";
}

TEST_F(RefusedRefresh, R18_E6_OrWhenItIsRefused) {
  EXPECT_TRUE(world.answer(id, 401));
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::refresh_rejected);
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST_F(RefusedRefresh, R18_RefreshEndsItForTheAppSaysThatItIsNoGood) {
  const RequestId call = world.request(0, RequestKind::refresh);
  EXPECT_EQ(world.finished[call], ErrorCode::refresh_rejected);
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::refresh_rejected);
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST_F(RefusedRefresh, R18_NewTokensSupersedeIt) {
  world.storage = newer("a2", "r2");
  world.wake();
  EXPECT_EQ(world.machine.access_token(), "a2");
  EXPECT_EQ(world.machine.poll_timeout(), kNever);
  demand();
  EXPECT_EQ(world.refreshes.back().token, "r2");
  world.sign_in(oauth_tokens("b1", "s1"));
  world.pass(100 * kSecond);
  EXPECT_TRUE(world.machine.signed_in());
}

TEST_F(MachineAnswer, R18_ATokenWhoseEndIsUnknownIsNotWaitedFor) {
  const std::optional<std::string> replaced = world.storage;
  world.sign_in(R"({"access_token":"b1","refresh_token":"s1"})");
  world.storage = replaced;  // which a refresh puts right, with a good token (L1)
  world.wake();
  world.tokens(kNo, 400);
  EXPECT_FALSE(world.machine.signed_in());
}

// ---- R19 ------------------------------------------------------------------------------------

TEST_F(MachineAnswer, R19_TheAppIsToldWhyItFailed) {
  struct Case {
    RefreshCause cause;
    std::function<void(World&)> answer;
  };
  using K = RefreshCauseKind;
  const Case cases[] = {
      {{K::network}, [](World& w) { w.refresh_fails(); }},
      {{K::timeout}, [](World& w) { w.pass(10 * kSecond); }},
      {{K::status, 503}, [](World& w) { w.tokens("", 503); }},
      {{K::not_json, 200}, [](World& w) { w.tokens("<html>", 200); }},
      {{K::no_access_token, 200}, [](World& w) { w.tokens(R"({"data":{}})"); }},
      {{K::oauth_error, 400, OAuthError::invalid_client},
       [](World& w) { w.tokens(R"({"error":"invalid_client"})", 400); }},
      {{K::threw},
       [](World& w) {
         w.tell(inputs::refresh_error(w.refreshes.back().run, Override::none, K::threw));
       }},
      {{K::threw, 200},
       [](World& w) {
         Input input = inputs::token_response(w.refreshes.back().run, 200, R"({"data":{}})");
         input.token_response.threw = 1;
         w.tell(input);
       }},
  };
  for (const Case& each : cases) {
    const RequestId call = world.request(0, RequestKind::refresh);
    each.answer(world);
    EXPECT_EQ(causes(EffectKind::refreshfailed).back(), each.cause.packed());
    ASSERT_EQ(world.finished[call], ErrorCode::refresh_failed);
    EXPECT_EQ(world.finishes[call].cause, each.cause.packed());
  }
  // What is none has none: a session that cannot refresh.
  demand();
  world.tokens(oauth_tokens("a2", "r2"));
  world.sign_in(R"({"access_token":"b1"})");
  const RequestId call = world.request(0, RequestKind::refresh);
  EXPECT_EQ(world.finished[call], ErrorCode::refresh_failed);
  EXPECT_EQ(world.finishes[call].cause, 0u);
}

TEST_F(MachineAnswer, R19_AnEndThatTheServerBroughtAboutHasItsCause) {
  world.answer(id, 401);
  const RequestId call = world.request(0, RequestKind::refresh);
  world.tokens("", 401);
  const std::uint32_t cause = RefreshCause{RefreshCauseKind::status, 401}.packed();
  EXPECT_EQ(causes(EffectKind::signedout), std::vector{cause});
  EXPECT_EQ(world.finishes[call].cause, cause);
  const RequestId later = world.request(0, RequestKind::refresh);
  EXPECT_EQ(world.finished[later], ErrorCode::signed_out);
  EXPECT_EQ(world.finishes[later].cause, cause);
  world.sign_in();
  world.sign_out();
  EXPECT_EQ(causes(EffectKind::signedout).back(), 0u);
}

TEST_F(MachineAnswer, R4_AFlawBesideGoodTokensIsToldOnce) {
  demand();
  world.tokens(R"({"access_token":"a2","expires_in":"15m","refresh_token":false})");
  EXPECT_EQ(world.machine.access_token(), "a2");
  EXPECT_EQ(world.count(EffectKind::warning), 1);
  world.sign_in(R"({"access_token":"a3","expires_in":-5})");
  EXPECT_EQ(world.count(EffectKind::warning), 2);
  std::vector<std::uint32_t> flaws;
  for (const Emitted& emitted : world.events) {
    if (emitted.kind != EffectKind::warning) continue;
    EXPECT_EQ(static_cast<Warning>(emitted.value), Warning::token_response_flaw);
    flaws.push_back(emitted.cause);
  }
  EXPECT_EQ(flaws, (std::vector<std::uint32_t>{3, 1}));  // expires and refresh_token, expires
}

// ---- R20 ------------------------------------------------------------------------------------

TEST(MachineAnswerWithout, R20_ASessionWithoutARefreshTokenRefreshesWhereNoneIsNeeded) {
  Settings config = with_mode(Mode::bearer);
  config.refresh_needs_token = 0;
  World world(config);
  world.start();
  world.sign_in(R"({"access_token":"a1"})");
  EXPECT_FALSE(world.answer(world.request(), 401));
  ASSERT_EQ(world.refreshes.size(), 1u);
  EXPECT_EQ(world.refreshes[0].token, "");
  EXPECT_EQ(world.refreshes[0].access_token, "a1");
}

// ---- the app's word on a 2xx ----------------------------------------------------------------

TEST(CookieWithAWord, R6_TheAppMayDenyA200WhereThereAreNoTokensToBeFound) {
  World world(with_mode(Mode::cookie));
  world.start();
  world.sign_in("{}");
  world.answer(world.request(), 401);
  world.answer_refresh({200, "{}", "", "", Override::terminal});
  world.pass(1'000);  // R24
  world.answer_refresh({200, "{}", "", "", Override::terminal});
  EXPECT_FALSE(world.machine.signed_in());
}

// The app is asked about all that is no success beyond doubt.
TEST(ClearSuccess, R6_WithTokensItIsAnAnswerThatHasThem) {
  for (const Mode mode : {Mode::bearer, Mode::hybrid}) {
    const World world(with_mode(mode));
    const auto is_clear = [&](std::uint32_t status, std::string_view body) {
      return world.machine.is_clear_success(status, body);
    };
    EXPECT_TRUE(is_clear(200, R"({"access_token":"a1"})"));
    EXPECT_TRUE(is_clear(201, R"({"accessToken":"a1","expiresIn":"15m"})"));
    EXPECT_FALSE(is_clear(200, "{}"));
    EXPECT_FALSE(is_clear(200, ""));
    EXPECT_FALSE(is_clear(200, R"({"access_token":""})"));
    EXPECT_FALSE(is_clear(200, R"({"access_token":1})"));
    EXPECT_FALSE(is_clear(200, R"(["access_token"])"));
    EXPECT_FALSE(is_clear(400, R"({"access_token":"a1"})"));
    EXPECT_FALSE(is_clear(304, R"({"access_token":"a1"})"));
  }
}

TEST(ClearSuccess, R6_C1_InCookieModeItIsA2xxThatNamesNoError) {
  const World world(with_mode(Mode::cookie));
  const auto is_clear = [&](std::uint32_t status, std::string_view body) {
    return world.machine.is_clear_success(status, body);
  };
  EXPECT_TRUE(is_clear(204, ""));
  EXPECT_TRUE(is_clear(200, "{}"));
  EXPECT_TRUE(is_clear(200, R"({"error":null})"));
  EXPECT_FALSE(is_clear(200, "<html>"));
  EXPECT_FALSE(is_clear(200, R"({"error":"invalid_grant"})"));
  EXPECT_FALSE(is_clear(200, R"({"error":"a word of its own"})"));
  EXPECT_FALSE(is_clear(401, ""));
}

}  // namespace
}  // namespace bearerkit::test
