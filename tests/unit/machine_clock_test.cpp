// What the clock decides: E1, E4–E6, and the end of sessions that cannot refresh (R12).
#include "machine_fixture.h"

namespace bearerkit::test {
namespace {

TEST(SessionNoRefresh, R12_RefreshFailsAndTheSessionStays) {
  World world;
  world.start();
  world.sign_in(R"({"access_token":"a1"})");
  EXPECT_EQ(world.finished[world.request(0, RequestKind::refresh)], ErrorCode::refresh_failed);
  EXPECT_TRUE(world.machine.signed_in());
}

TEST(SessionNoRefresh, R12_AFunctionOfTheAppNeedsNoRefreshToken) {
  Settings config;
  config.refresh_needs_token = 0;
  World world(config);
  world.start();
  world.sign_in(R"({"access_token":"a1"})");
  world.answer(world.request(), 401);
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST(SessionNoRefresh, R12_E1_TheLeewayCountsForTheEnd) {
  Settings config;
  config.leeway = 60 * kSecond;
  World world(config);
  world.start();
  world.sign_in(R"({"access_token":"a1","expires_in":900})");
  world.pass(960 * kSecond - 1);
  EXPECT_TRUE(world.machine.signed_in());
  world.pass(1);
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::expired);
}

TEST(SessionClock, E1_R11_TheLeewayCountsForARequest) {
  Settings config;
  config.leeway = 60 * kSecond;
  World world(config);
  world.start();
  world.sign_in();
  world.pass(960 * kSecond - 1);
  world.request();
  EXPECT_NE(world.last & go, 0u);
  world.tokens("", 503);
  world.sign_in();
  world.pass(960 * kSecond);
  world.request();
  EXPECT_EQ(world.last & go, 0u);
}

TEST(SessionClock, E4_E5_TheSkewIsLearnedFromTheServersDate) {
  constexpr Milliseconds kYear = 365.0 * 86'400 * kSecond;
  World world;
  world.now = 1'700'000'000'000 + 5 * kYear;  // five years fast
  world.start();
  world.sign_in();
  world.request(0, RequestKind::refresh);
  // {"alg":"none"}.{"exp":1700000900}. and nothing else on its life
  world.answer_refresh(
      RefreshAnswer{200,
                    R"({"access_token":"eyJhbGciOiJub25lIn0.eyJleHAiOjE3MDAwMDA5MDB9."})",
                    {},
                    "Tue, 14 Nov 2023 22:13:20 GMT",
                    Override::none});
  EXPECT_EQ(world.machine.deadline(), world.now + 900 * kSecond);
}

TEST(SessionClock, E6_F3_AfterARefusedStreamKeepAliveIsAskedWhenToWake) {
  Settings config;
  config.keep_alive = true;
  World world(config);
  world.start();
  world.sign_in();
  world.answer(world.request(one_shot_body), 401);
  EXPECT_NE(world.last & effects, 0u);
  EXPECT_LE(world.machine.poll_timeout(), world.now);
}

TEST(SessionClock, R11_KeepAliveDoesNothingInAHiddenPageWhicheverTimerFires) {
  Settings config;
  config.keep_alive = true;
  World world(config);
  world.start();
  world.sign_in();
  world.wake(0);
  world.now += 2000 * kSecond;
  world.machine.handle(world.now, inputs::of(InputKind::timeout));
  world.drain();
  EXPECT_TRUE(world.refreshes.empty());
}

TEST(SessionClock, R11_R8_KeepAliveWaitsForTheBackoff) {
  Settings config;
  config.keep_alive = true;
  World world(config);
  world.start();
  world.sign_in();
  world.pass(871 * kSecond);
  for (int i = 0; i < 6; i++) {
    world.answer_refresh(RefreshAnswer{503, {}, "20", {}, Override::none});
    EXPECT_EQ(world.machine.poll_timeout(), world.now + 20 * kSecond);
    world.pass(20 * kSecond);
  }
  EXPECT_EQ(world.refreshes.size(), 7u);
}

TEST(MachineClock, E4_TokensThatAreOverWhenTheyAreHandedInAreRefreshedFirst) {
  World world;
  world.start();
  const std::string yesterday = std::to_string(static_cast<long long>(world.now / 1000) - 86'400);
  world.sign_in(R"({"access_token":"opaque","refresh_token":"r1","expires_at":)" + yesterday + "}");
  const RequestId id = world.request();
  EXPECT_EQ(world.last & go, 0u);
  ASSERT_EQ(world.refreshes.size(), 1u);
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_EQ(world.sent_with[id], "a2");
}

TEST(MachineClock, E5_AnswersWithAnEndThatIsOverMakeNoLoop) {
  World world;
  world.start();
  world.sign_in();
  const RequestId first = world.request();
  world.answer(first, 401);
  world.tokens(R"({"access_token":"opaque","refresh_token":"r2","expires_at":1000})");
  world.answer(first, 200);
  world.request();
  EXPECT_EQ(world.last & (go | with_token), go | with_token);
  EXPECT_EQ(world.refreshes.size(), 1u);
}

}  // namespace
}  // namespace bearerkit::test
