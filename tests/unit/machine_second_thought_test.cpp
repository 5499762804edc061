// What is thought over before a refusal (R24) or a reload in the middle of a refresh (R25) ends a
// session.
#include "machine/lease.h"
#include "machine_tabs_world.h"

namespace bearerkit::test {
namespace {

constexpr Milliseconds kDoubt = 1 * kSecond;

// ---- R24: a second thought -------------------------------------------------------------------

class RefusedCookie : public ::testing::TestWithParam<Mode> {};

TEST_P(RefusedCookie, R24_ARefusedCookieIsTriedOnceMore) {
  World world(with_mode(GetParam(), true));
  world.sign_in(oauth_tokens("a1", ""));
  const RequestId id = world.request();
  world.answer(id, 401);
  world.tokens(R"({"error":"invalid_grant"})", 400);
  EXPECT_EQ(world.refreshes.size(), 1u);
  EXPECT_TRUE(world.machine.signed_in());
  world.pass(kDoubt);
  ASSERT_EQ(world.refreshes.size(), 2u);
  world.tokens(oauth_tokens("a2", ""));
  EXPECT_EQ(world.outcome[id], EffectKind::retry);
  EXPECT_TRUE(world.machine.signed_in());
}

TEST_P(RefusedCookie, R24_R6_ASecondRefusalIsTheLastWord) {
  World world(with_mode(GetParam(), true));
  world.sign_in(oauth_tokens("a1", ""));
  world.answer(world.request(), 401);
  world.tokens(R"({"error":"invalid_grant"})", 400);
  world.pass(kDoubt);
  world.tokens(R"({"error":"invalid_grant"})", 400);
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::refresh_rejected);
  EXPECT_EQ(world.refreshes.size(), 2u);
}

INSTANTIATE_TEST_SUITE_P(Modes, RefusedCookie, ::testing::Values(Mode::hybrid, Mode::cookie));

TEST(SecondThought, R24_AVisitorIsToldAtOnceThatNobodyIsSignedIn) {
  World world(with_mode(Mode::hybrid, true));
  world.start();
  world.tokens("", 401);
  EXPECT_EQ(world.refreshes.size(), 1u);
  EXPECT_FALSE(world.machine.signed_in());
  EXPECT_FALSE(world.machine.refreshing());
}

TEST(SecondThought, R24_ACopiedTokenThatIsRefusedAsksTheOtherTabsFirst) {
  World world(handing(Mode::bearer));
  world.start();
  world.sign_in();
  const RequestId id = world.request();
  world.answer(id, 401);
  world.tokens(R"({"error":"invalid_grant"})", 400);
  EXPECT_TRUE(world.machine.signed_in());
  world.hear(tokens_message(world, "a2", 2));
  EXPECT_EQ(world.sent_with[id], "a2");
  EXPECT_EQ(world.locks_held, 0);

  world.answer(world.request(), 401);
  world.tokens(R"({"error":"invalid_grant"})", 400);
  world.pass(kDoubt);
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::refresh_rejected);
  EXPECT_EQ(world.refreshes.size(), 2u) << "the same token is not sent again";
}

// ---- R25: a reload in the middle -------------------------------------------------------------

class Reloaded : public ::testing::TestWithParam<Mode> {
 protected:
  // A page whose session has just sent a refresh.
  static World refreshing() {
    World world(with_mode(GetParam(), true));
    world.sign_in(oauth_tokens("a1", ""));
    world.answer(world.request(), 401);
    EXPECT_EQ(world.refreshes.size(), 1u);
    return world;
  }
  // The page that comes after it, which would like to refresh, too.
  World& next_of(const World& first, Milliseconds later = 200) {
    next.storage = first.storage;
    next.flight = first.flight;
    next.now = first.now + later;
    next.start();
    if (GetParam() == Mode::cookie) next.answer(next.request(), 401);
    return next;
  }

 private:
  World next{with_mode(GetParam(), true)};
};

TEST_P(Reloaded, R25_TheNextPageWaitsForTheRefreshThatIsUnderWay) {
  const World first = refreshing();
  World& next = next_of(first);
  EXPECT_TRUE(next.refreshes.empty());
  next.pass(3 * kSecond);
  EXPECT_EQ(next.refreshes.size(), 1u) << "with a bound";
}

TEST_P(Reloaded, R25_WhatWasAnsweredIsNotWaitedFor) {
  World first = refreshing();
  first.tokens(oauth_tokens("a2", ""));
  EXPECT_EQ(next_of(first).refreshes.size(), 1u);
}

TEST_P(Reloaded, R25_WhatWasAnsweredByAnErrorIsNotWaitedFor) {
  World first = refreshing();
  first.tokens("", 503);
  EXPECT_EQ(first.flight, std::nullopt);
  EXPECT_EQ(next_of(first).refreshes.size(), 1u);
}

// A page that goes away may see its request fail before it is gone: what was sent arrives.
TEST_P(Reloaded, R25_WhatTheNetworkFailedMayStillBeUnderWay) {
  World first = refreshing();
  first.refresh_fails();
  EXPECT_NE(first.flight, std::nullopt);
  EXPECT_TRUE(next_of(first).refreshes.empty());
}

TEST_P(Reloaded, R25_WhatIsLongOverIsNotWaitedFor) {
  const World first = refreshing();
  EXPECT_EQ(next_of(first, 3 * kSecond).refreshes.size(), 1u);
}

TEST_P(Reloaded, R25_R13_ANoteOfAnotherClockOrNoneIsNotWaitedFor) {
  for (const std::string& note :
       {std::string(write_lease(7, World().now + 3'001)), std::string("~")}) {
    World world(with_mode(GetParam(), true));
    world.flight = note;
    world.sign_in(oauth_tokens("a1", ""));
    world.answer(world.request(), 401);
    EXPECT_EQ(world.refreshes.size(), 1u) << note;
  }
}

// Else a tab that is slow would bring an old one back (X2).
TEST_P(Reloaded, R25_TheNoteLeavesTheRecordAsItIs) {
  World world(with_mode(GetParam(), true));
  world.sign_in(oauth_tokens("a1", ""));
  const std::optional<std::string> record = world.storage;
  const int written = world.written;
  world.answer(world.request(), 401);
  EXPECT_NE(world.flight, std::nullopt);
  EXPECT_EQ(world.storage, record);
  EXPECT_EQ(world.written, written);
}

TEST_P(Reloaded, R25_X2_WhoWasFrozenLooksForANoteAnew) {
  World& next = next_of(refreshing());
  next.now += 60 * kSecond;
  next.flight = write_lease(7, next.now + 2 * kSecond);  // another page's, that has begun since
  next.tell(inputs::of(InputKind::timeout));
  EXPECT_TRUE(next.refreshes.empty());
  next.pass(3 * kSecond);
  EXPECT_EQ(next.refreshes.size(), 1u);
}

TEST_P(Reloaded, R25_ATabDoesNotWaitForItself) {
  World world = refreshing();
  world.refresh_fails();
  world.request(0, RequestKind::refresh);
  EXPECT_EQ(world.refreshes.size(), 2u);
}

INSTANTIATE_TEST_SUITE_P(Modes, Reloaded, ::testing::Values(Mode::hybrid, Mode::cookie));

}  // namespace
}  // namespace bearerkit::test
