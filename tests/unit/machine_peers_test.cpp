// Tabs that hold one session where no shared storage carries its tokens: X9, X10, X11. And what is
// thought over before a refusal or a reload ends it: R24, R25.
#include <memory>

#include "machine/mark.h"
#include "machine_fixture.h"

namespace bearerkit::test {
namespace {

constexpr Milliseconds kLag = 50;
constexpr Milliseconds kDoubt = 1 * kSecond;

Settings handing(Mode mode) {
  Settings config = with_mode(mode, false);
  config.hands_over = 1;
  config.write_lag = kLag;
  return config;
}

// Tabs of one origin: messages reach all others, each sees the marks of the others, and one lock is
// given to whoever asks first.
class Tabs {
 public:
  explicit Tabs(Mode mode, std::size_t count) {
    for (std::size_t i = 0; i < count; i++) {
      tabs.push_back(std::make_unique<World>(seeded(handing(mode), i)));
      tabs.back()->lock_is_free = false;
    }
  }
  World& operator[](std::size_t i) { return *tabs[i]; }

  // Until nobody has anything to say, and whoever can have the lock has it.
  void settle() {
    for (bool busy = true; busy;) {
      busy = false;
      for (std::size_t i = 0; i < tabs.size(); i++) busy |= deliver(i);
      busy |= grant();
    }
  }
  // Time goes by for all.
  void pass(Milliseconds time) {
    for (auto& tab : tabs) {
      show_marks();
      tab->pass(time);
      settle();
    }
  }
  int refreshes() const {
    int sum = 0;
    for (const auto& tab : tabs) sum += static_cast<int>(tab->refreshes.size());
    return sum;
  }
  // The tab that waits for the server, or nullptr.
  World* redeeming() {
    for (auto& tab : tabs) {
      if (tab->machine.refreshing() && tab->refreshes.size() > answered[tab.get()])
        return tab.get();
    }
    return nullptr;
  }
  void answer(World& tab, const std::string& body, std::uint32_t status = 200) {
    answered[&tab] = tab.refreshes.size();
    show_marks();
    tab.tokens(body, status);
    settle();
  }

 private:
  static Settings seeded(Settings config, std::size_t i) {
    config.seed_low = static_cast<std::uint32_t>(i + 1);
    return config;
  }
  bool deliver(std::size_t from) {
    World& sender = *tabs[from];
    if (heard[&sender] == sender.messages.size()) return false;
    const std::string message = sender.messages[heard[&sender]++];
    show_marks();
    for (std::size_t i = 0; i < tabs.size(); i++) {
      if (i != from) tabs[i]->hear(message);
    }
    return true;
  }
  bool grant() {
    for (const auto& tab : tabs) {
      if (has_lock[tab.get()] && tab->locks_held > 0) return false;
      has_lock[tab.get()] = false;
    }
    for (auto& tab : tabs) {
      if (tab->held.empty()) continue;
      const Effect wish = tab->held.back();
      tab->held.clear();
      has_lock[tab.get()] = true;
      show_marks();
      tab->tell(inputs::lock_granted(wish.acquire_lock.run));
      return true;
    }
    return false;
  }
  void show_marks() {
    for (auto& tab : tabs) {
      tab->marks = "";
      for (auto& other : tabs) {
        if (other == tab || other->mark.empty()) continue;
        *tab->marks += (tab->marks->empty() ? "" : " ") + other->mark;
      }
    }
  }

  std::vector<std::unique_ptr<World>> tabs;
  std::map<World*, std::size_t> heard, answered;
  std::map<World*, bool> has_lock;
};

// One tab is signed in; the others are copies of it.
void sign_in_and_copy(Tabs& tabs, std::size_t count, const std::string& tokens) {
  tabs[0].sign_in(tokens);
  for (std::size_t i = 1; i < count; i++) {
    tabs[i].storage = tabs[0].storage;
    tabs[i].start();
  }
  tabs.settle();
}

std::string tokens_message(const World& of, const std::string& access, std::uint32_t generation) {
  Record record = of.stored();
  record.generation = generation;
  record.access_token = Token(access);
  record.refresh_token = of.config.mode == Mode::bearer ? Token("r" + access) : Token();
  const std::string text = write_record(record, Mode::bearer);
  return write_peer_message({PeerMessage::Kind::tokens, record.session, 0, text});
}

// ---- X9: handed from tab to tab -------------------------------------------------------------

TEST(Peers, X9_ADuplicatedTabTakesUpWhatTheOtherRedeemed) {
  Tabs tabs(Mode::bearer, 2);
  sign_in_and_copy(tabs, 2, oauth_tokens("a1", "r1", 60));
  for (std::size_t i = 0; i < 2; i++) tabs[i].now += 61 * kSecond;
  const RequestId first = tabs[0].request();
  const RequestId second = tabs[1].request();
  tabs.settle();
  World* const redeeming = tabs.redeeming();
  ASSERT_NE(redeeming, nullptr);
  tabs.answer(*redeeming, oauth_tokens("a2", "r2", 60));
  EXPECT_EQ(tabs.refreshes(), 1);
  EXPECT_EQ(tabs[0].sent_with[first], "a2");
  EXPECT_EQ(tabs[1].sent_with[second], "a2");
  EXPECT_EQ(tabs[1].stored().refresh_token, "r2") << "a reload has it too";
}

TEST(Peers, X9_TwentyHybridTabsMakeOneRefreshForOneExpiry) {
  constexpr std::size_t kTabs = 20;
  Tabs tabs(Mode::hybrid, kTabs);
  sign_in_and_copy(tabs, kTabs, oauth_tokens("a1", "", 60));
  tabs.pass(0);
  EXPECT_EQ(tabs.refreshes(), 0) << "who opens later asks those who are there";
  for (std::size_t i = 0; i < kTabs; i++) {
    EXPECT_EQ(tabs[i].machine.access_token(), "a1") << i;
    tabs[i].now += 61 * kSecond;
  }
  std::vector<RequestId> calls;
  for (std::size_t i = 0; i < kTabs; i++) calls.push_back(tabs[i].request());
  tabs.settle();
  ASSERT_NE(tabs.redeeming(), nullptr);
  tabs.answer(*tabs.redeeming(), oauth_tokens("a2", "", 60));
  EXPECT_EQ(tabs.refreshes(), 1);
  for (std::size_t i = 0; i < kTabs; i++) {
    EXPECT_EQ(tabs[i].sent_with[calls[i]], "a2") << i;
    EXPECT_EQ(tabs[i].steals, 0);
  }
}

TEST(Peers, X9_WhatIsNotOfThisSessionOrNotNewerIsNotTakenUp) {
  World world(handing(Mode::bearer));
  world.start();
  world.sign_in();
  Record other = world.stored();
  other.session = 99;
  other.generation = 7;
  const std::string text = write_record(other, Mode::bearer);
  world.hear(write_peer_message({PeerMessage::Kind::tokens, 99, 0, text}));
  world.hear(tokens_message(world, "old", 1));
  world.hear(write_peer_message({PeerMessage::Kind::tokens, world.stored().session, 0, "{"}));
  EXPECT_EQ(world.machine.access_token(), "a1");
  world.hear(tokens_message(world, "a2", 2));
  EXPECT_EQ(world.machine.access_token(), "a2");
}

TEST(Peers, X9_AnotherSessionsTokensDoNotPushOutOnesThatAreStillToBeTakenUp) {
  World world(handing(Mode::bearer));
  world.sign_in();
  world.lock_is_free = false;
  world.answer(world.request(), 401);
  const std::uint64_t session = world.stored().session;
  const std::string spent = record_of(session, 2, "a2", "ra2", world.now + 1);
  const std::string other = record_of(99, 7, "b1", "rb1");
  world.now += 2;
  world.hear(write_peer_message({PeerMessage::Kind::tokens, session, 0, spent}));
  world.hear(write_peer_message({PeerMessage::Kind::tokens, 99, 0, other}));
  world.tell(inputs::lock_granted(world.held.back().acquire_lock.run));
  world.pass(kLag);
  ASSERT_EQ(world.refreshes.size(), 1u);
  EXPECT_EQ(world.refreshes[0].token, "ra2");
}

TEST(Peers, X9_WhereTheStorageCarriesTokensNoMessageHasOne) {
  Settings config = with_mode(Mode::bearer);
  config.write_lag = kLag;
  World world(config);
  world.start();
  world.sign_in();
  world.answer(world.request(), 401);
  world.tokens(oauth_tokens("a2", "r2"));
  for (const std::string& message : world.messages) {
    EXPECT_EQ(message.find("a2"), std::string::npos);
  }
  world.hear(tokens_message(world, "a9", 9));
  EXPECT_EQ(world.machine.access_token(), "a2");
}

TEST(Peers, L2_TokensOfASessionThatEndedHereAreNotTakenUp) {
  World world(handing(Mode::hybrid));
  world.sign_in(oauth_tokens("a1", ""));
  const std::string late = tokens_message(world, "a2", 2);
  world.sign_out();
  world.hear(late);
  EXPECT_FALSE(world.machine.signed_in());
}

// ---- X10: bounded by progress ---------------------------------------------------------------

TEST(Peers, X10_WhoeverSaysThatItLivesIsNotStolenFrom) {
  World world(handing(Mode::hybrid));
  world.sign_in(oauth_tokens("a1", ""));
  world.lock_is_free = false;
  world.answer(world.request(), 401);
  const std::string alive =
      write_peer_message({PeerMessage::Kind::refreshing, world.stored().session});
  for (int i = 0; i < 10; i++) {
    world.pass(world.config.lock_timeout - 1);
    world.hear(alive);
  }
  EXPECT_EQ(world.steals, 0);
  world.pass(1.25 * world.config.lock_timeout);
  EXPECT_EQ(world.steals, 1) << "one that is silent is";
}

TEST(Peers, X10_R10_WhoHasWaitedForVeryLongAsksAnewAndDoesNotSteal) {
  World world(handing(Mode::hybrid));
  world.sign_in(oauth_tokens("a1", ""));
  world.lock_is_free = false;
  world.answer(world.request(), 401);
  const std::string alive =
      write_peer_message({PeerMessage::Kind::refreshing, world.stored().session});
  for (int i = 0; i < 5; i++) {
    world.pass(world.config.lock_timeout - 1);
    world.hear(alive);
  }
  EXPECT_EQ(world.steals, 0);
  EXPECT_EQ(world.lock_wanted, 2);
}

TEST(Peers, X10_WhoeverHasTheTurnSaysSoAgainAndAgain) {
  World world(handing(Mode::hybrid));
  world.sign_in(oauth_tokens("a1", ""));
  world.answer(world.request(), 401);
  const auto said = [&world] {
    std::size_t count = 0;
    for (const std::string& message : world.messages) {
      count += message.find(" refreshing ") != std::string::npos ? 1 : 0;
    }
    return count;
  };
  EXPECT_EQ(said(), 1u);
  world.pass(world.config.lock_timeout / 3);
  EXPECT_EQ(said(), 2u);
  world.tokens(oauth_tokens("a2", ""));
  world.pass(world.config.lock_timeout);
  EXPECT_EQ(said(), 2u);
}

// ---- X11: the marks --------------------------------------------------------------------------

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

// ---- R24: a second thought -------------------------------------------------------------------

class Refused : public ::testing::TestWithParam<Mode> {};

TEST_P(Refused, R24_ARefusedCookieIsTriedOnceMore) {
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

TEST_P(Refused, R24_R6_ASecondRefusalIsTheLastWord) {
  World world(with_mode(GetParam(), true));
  world.sign_in(oauth_tokens("a1", ""));
  world.answer(world.request(), 401);
  world.tokens(R"({"error":"invalid_grant"})", 400);
  world.pass(kDoubt);
  world.tokens(R"({"error":"invalid_grant"})", 400);
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::refresh_rejected);
  EXPECT_EQ(world.refreshes.size(), 2u);
}

INSTANTIATE_TEST_SUITE_P(Modes, Refused, ::testing::Values(Mode::hybrid, Mode::cookie));

TEST(Peers, R24_AVisitorIsToldAtOnceThatNobodyIsSignedIn) {
  World world(with_mode(Mode::hybrid, true));
  world.start();
  world.tokens("", 401);
  EXPECT_EQ(world.refreshes.size(), 1u);
  EXPECT_FALSE(world.machine.signed_in());
  EXPECT_FALSE(world.machine.refreshing());
}

TEST(Peers, R24_ACopiedTokenThatIsRefusedAsksTheOtherTabsFirst) {
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

class Reloaded : public ::testing::TestWithParam<Mode> {};

TEST_P(Reloaded, R25_TheNextPageWaitsForTheRefreshThatIsUnderWay) {
  World first(with_mode(GetParam(), true));
  first.sign_in(oauth_tokens("a1", ""));
  first.answer(first.request(), 401);
  ASSERT_EQ(first.refreshes.size(), 1u);

  World next(with_mode(GetParam(), true));
  next.storage = first.storage;
  next.now = first.now + 200;
  next.start();
  if (GetParam() == Mode::cookie) next.answer(next.request(), 401);
  EXPECT_TRUE(next.refreshes.empty());
  next.pass(3 * kSecond);
  EXPECT_EQ(next.refreshes.size(), 1u) << "with a bound";
}

TEST_P(Reloaded, R25_WhatWasAnsweredIsNotWaitedFor) {
  World first(with_mode(GetParam(), true));
  first.sign_in(oauth_tokens("a1", ""));
  first.answer(first.request(), 401);
  first.tokens(oauth_tokens("a2", ""));
  World next(with_mode(GetParam(), true));
  next.storage = first.storage;
  next.start();
  if (GetParam() == Mode::cookie) next.answer(next.request(), 401);
  EXPECT_EQ(next.refreshes.size(), 1u);
}

TEST_P(Reloaded, R25_ATabDoesNotWaitForItself) {
  World world(with_mode(GetParam(), true));
  world.sign_in(oauth_tokens("a1", ""));
  world.answer(world.request(), 401);
  world.refresh_fails();
  world.request(0, RequestKind::refresh);
  EXPECT_EQ(world.refreshes.size(), 2u);
}

INSTANTIATE_TEST_SUITE_P(Modes, Reloaded, ::testing::Values(Mode::hybrid, Mode::cookie));

}  // namespace
}  // namespace bearerkit::test
