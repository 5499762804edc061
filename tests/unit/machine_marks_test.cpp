// X11: a tab holds the mark of its tokens, and waits for newer ones that another tab's mark tells
// of.
#include "machine/mark.h"
#include "machine_tabs_world.h"

namespace bearerkit::test {
namespace {

class Marked : public ::testing::Test {
 protected:
  World world{shared()};
  void SetUp() override {
    world.start();
    world.sign_in();
  }
  static Settings shared() {
    Settings config = with_mode(Mode::bearer);
    config.write_lag = kLag;
    return config;
  }
  std::string mark(std::uint32_t generation) {
    return write_mark({world.stored().session, generation, kNever});
  }
};

TEST_F(Marked, X11_ATabHoldsTheMarkOfItsTokens) {
  EXPECT_EQ(world.mark, write_mark({world.stored().session, 1, world.machine.deadline()}));
  world.sign_out();
  EXPECT_EQ(world.mark, "");
}

TEST_F(Marked, X11_TheTokensOfARefreshAreMarked) {
  world.answer(world.request(), 401);
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_EQ(world.mark, write_mark({world.stored().session, 2, world.machine.deadline()}));
}

TEST_F(Marked, X11_WhereNobodyHasNewerTokensNothingIsWaitedFor) {
  world.marks = mark(1);
  world.answer(world.request(), 401);
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST_F(Marked, X11_NewerTokensAreWaitedForAndTakenUp) {
  world.marks = mark(2);
  const RequestId id = world.request();
  world.answer(id, 401);
  EXPECT_TRUE(world.refreshes.empty());
  world.pass(10 * kLag);
  EXPECT_TRUE(world.refreshes.empty());
  const Record record = world.stored();
  world.storage = record_of(record.session, 2, "a2", "r2");
  world.pass(kLag);
  EXPECT_EQ(world.sent_with[id], "a2");
  EXPECT_TRUE(world.refreshes.empty());
}

TEST_F(Marked, X11_R10_TokensThatNeverComeHoldNobodyUp) {
  world.marks = mark(2);
  world.answer(world.request(), 401);
  world.pass(world.config.storage_timeout + kLag);
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST_F(Marked, X11_WhereThereAreNoMarksATabWaitsForAMoment) {
  world.marks = std::nullopt;
  world.answer(world.request(), 401);
  EXPECT_TRUE(world.refreshes.empty());
  world.pass(kLag);
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST_F(Marked, X11_ATabThatWasClosedAfterItsTurnLeavesNoMark) {
  world.lock_is_free = false;
  world.answer(world.request(), 401);
  world.now += kSecond;
  world.tell(inputs::lock_granted(world.held.back().acquire_lock.run));
  EXPECT_TRUE(world.refreshes.empty()) << "its write may be on its way";
  world.pass(kLag);
  EXPECT_EQ(world.refreshes.size(), 1u);
}

// Firefox keeps no page with a lock in its back/forward cache, and Chromium freezes none.
TEST_F(Marked, X11_AMarkIsHeldUntilTheWriteIsThereForAllToSee) {
  world.pass(2 * world.config.storage_timeout - 1);
  EXPECT_NE(world.mark, "");
  world.pass(1);
  EXPECT_EQ(world.mark, "");
}

TEST_F(Marked, X11_NewTokensAreMarkedAsLongAgain) {
  const Milliseconds life = 2 * world.config.storage_timeout;
  world.pass(life - 1);
  world.sign_in();
  world.pass(1);
  EXPECT_NE(world.mark, "");
  world.pass(life);
  EXPECT_EQ(world.mark, "");
}

TEST_F(Marked, X11_E5_AClockThatIsSetBackDoesNotMakeAMarkLast) {
  world.now -= 3'600 * kSecond;
  world.wake();
  world.pass(2 * world.config.storage_timeout);
  EXPECT_EQ(world.mark, "");
}

TEST(Mark, X11_WhereTabsHandOverAMarkStays) {
  World world(handing(Mode::hybrid));
  world.start();
  world.sign_in(oauth_tokens("a1", ""));
  world.pass(3'600 * kSecond);
  EXPECT_NE(world.mark, "");
}

TEST(Mark, X11_WhereThereAreNoOtherTabsThereIsNone) {
  for (const bool tabs : {true, false}) {
    Settings config = handing(Mode::bearer);
    config.tabs = tabs ? 1 : 0;
    World world(config);
    world.start();
    world.sign_in();
    EXPECT_EQ(world.mark.empty(), !tabs);
  }
}

TEST(Mark, X1_WhereThereAreNoOtherTabsNobodyWaitsForATurn) {
  for (const bool tabs : {true, false}) {
    for (Settings config : {handing(Mode::bearer), handing(Mode::hybrid), handing(Mode::cookie)}) {
      config.tabs = tabs ? 1 : 0;
      World world(config);
      world.start();
      world.sign_in();
      const std::size_t before = world.refreshes.size();
      world.answer(world.request(), 401);
      EXPECT_EQ(world.lock_wanted > 0, tabs);
      world.pass(kLag);
      EXPECT_EQ(world.refreshes.size(), before + 1);
    }
  }
}

}  // namespace
}  // namespace bearerkit::test
