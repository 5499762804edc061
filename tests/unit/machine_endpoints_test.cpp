// Which 401 is of use: R14, F9, F10, and tokens that were refused elsewhere (E6).
#include "machine_fixture.h"

namespace bearerkit::test {
namespace {

constexpr std::uint32_t kChangePassword = 77;
constexpr std::uint32_t kOther = 78;

class MachineEndpoints : public SignedIn {
 protected:
  // A call to an endpoint that answers `status`. Gives how often it was sent.
  int call(std::uint32_t endpoint, std::uint32_t status) {
    const RequestId request = world.request();
    int sent = 1;
    if (respond(request, status, endpoint)) return sent;
    if (!world.refreshes.empty() && world.machine.refreshing()) {
      const std::string serial = std::to_string(world.refreshes.size());
      world.tokens(oauth_tokens("fresh" + serial, "rt" + serial));
    }
    if (world.outcome[request] == EffectKind::retry) {
      sent++;
      EXPECT_TRUE(respond(request, status, endpoint));
    }
    return sent;
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
