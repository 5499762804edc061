// Who is asked at the start whether somebody is signed in, and who is not: C6, C7, C8.
#include "machine_fixture.h"

namespace bearerkit::test {
namespace {

constexpr Milliseconds kDay = 24.0 * 60 * 60 * 1000;

Settings hybrid(Presumption presume = Presumption::usually) {
  Settings config = with_mode(Mode::hybrid);
  config.presume = presume;
  return config;
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
class RefusedVisitor : public ::testing::Test {
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

TEST_F(RefusedVisitor, C3_C7_TheNoHoldsNoSecretAndNoSession) {
  EXPECT_EQ(no(5), R"({"version":1,"session":"0000000000000000","generation":0,"received":5})");
  EXPECT_FALSE(read_record(no(5), Mode::bearer).ok());
  EXPECT_FALSE(read_record(R"({"version":1,"generation":2,"received":5})", Mode::hybrid).ok());
}

TEST_F(RefusedVisitor, C7_RefreshAsksAllTheSame) {
  const RequestId id = world.request(0, RequestKind::refresh);
  ASSERT_EQ(world.refreshes.size(), 1u);
  EXPECT_TRUE(world.machine.restoring());
  world.tokens(json_tokens("a1", ""));
  EXPECT_TRUE(world.machine.signed_in());
  EXPECT_EQ(world.finished[id], ErrorCode::none);
}

TEST_F(RefusedVisitor, C7_RefreshAsksAgainInThePageThatHeardTheNo) {
  const RequestId id = world.request(0, RequestKind::refresh);
  world.tokens("", 401);
  EXPECT_EQ(world.finished[id], ErrorCode::refresh_rejected);
  // A popup has signed in meanwhile: only the cookie knows.
  const RequestId again = world.request(0, RequestKind::refresh);
  EXPECT_EQ(world.refreshes.size(), 2u);
  world.tokens(json_tokens("a1", ""));
  EXPECT_EQ(world.finished[again], ErrorCode::none);
  EXPECT_TRUE(world.machine.signed_in());
}

TEST_F(RefusedVisitor, C7_AfterASignOutRefreshAsksNothing) {
  world.sign_in(json_tokens("a1", ""));
  world.sign_out();
  EXPECT_EQ(world.finished[world.request(0, RequestKind::refresh)], ErrorCode::signed_out);
  EXPECT_TRUE(world.refreshes.empty());
}

TEST_F(RefusedVisitor, C7_ASignInReplacesTheNo) {
  world.sign_in(json_tokens("a1", ""));
  EXPECT_EQ(world.stored().generation, 1u);
  world.sign_out();
  EXPECT_FALSE(world.storage.has_value());
}

TEST_F(RefusedVisitor, C7_X3_ASignInInAnotherTabIsFollowed) {
  world.storage = record_of_session(99, 1, Mode::hybrid);
  world.hear(write_peer_message({PeerMessage::Kind::signed_in, 99}));
  EXPECT_TRUE(world.machine.signed_in());
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST_F(RefusedVisitor, C8_TheAppKnowsBetter) {
  World better(hybrid(Presumption::always));
  better.storage = world.storage;
  better.start();
  EXPECT_EQ(better.refreshes.size(), 1u);
}

// ---- C7: a sign-out that the server did not hear of ----

void sign_in_and_out(World& world) {
  world.start();
  world.sign_in(json_tokens("a1", "r1"));
  world.sign_out();
}

TEST_P(NotAsked, C7_ALostSignOutIsRememberedAsTheNo) {
  World world(with_mode(GetParam()));
  const Milliseconds left = world.now;
  sign_in_and_out(world);
  EXPECT_FALSE(world.storage.has_value());
  world.now += 5 * kSecond;
  world.tell(inputs::sign_out_answered(503));
  ASSERT_TRUE(world.storage.has_value());
  // Who signs in meanwhile in another tab has newer tokens than that.
  EXPECT_EQ(world.stored().received, left);

  World reloaded(with_mode(GetParam()));
  reloaded.storage = world.storage;
  reloaded.start();
  EXPECT_FALSE(reloaded.machine.restoring());
  EXPECT_FALSE(reloaded.machine.signed_in());
  EXPECT_TRUE(reloaded.refreshes.empty()) << "the cookie is still good: it would sign in again";
  reloaded.request(0, RequestKind::refresh);
  EXPECT_EQ(reloaded.refreshes.size(), 1u) << "only the app may ask";
}

TEST_P(NotAsked, C7_ALostSignOutSaysNothingOfTheNextSession) {
  World world(with_mode(GetParam()));
  sign_in_and_out(world);
  world.sign_in(json_tokens("b1", ""));
  const std::optional<std::string> stored = world.storage;
  world.tell(inputs::sign_out_answered(503));
  EXPECT_EQ(world.storage, stored);
  EXPECT_TRUE(world.machine.signed_in());
}

TEST(LostSignOut, C7_WhoHasSignedInSinceDoesNotLookForIt) {
  World world(with_mode(Mode::cookie, false));
  sign_in_and_out(world);
  world.sign_in(json_tokens("b1", ""));
  world.hear(write_peer_message({PeerMessage::Kind::signed_in, 99}));  // the cookie is another's
  world.tell(inputs::sign_out_answered(503));
  EXPECT_TRUE(world.refreshes.empty()) << "the own record of the session that is over";
}

TEST_P(NotAsked, C7_ALostSignOutLeavesAnotherTabsSession) {
  World world(with_mode(GetParam()));
  sign_in_and_out(world);
  world.storage = record_of_session(99, 1, GetParam());  // its message is still on the way
  world.tell(inputs::sign_out_answered(503));
  EXPECT_EQ(world.stored().session, 99u);
  EXPECT_TRUE(world.machine.signed_in());
}

TEST_P(NotAsked, C7_OnlyASignOutThatWasNotHeardIsRemembered) {
  const std::pair<std::uint32_t, bool> cases[] = {
      {200, false}, {204, false}, {302, false}, {401, false}, {0, true},
      {199, true},  {403, true},  {404, true},  {429, true},  {503, true}};
  for (const auto& [status, remembered] : cases) {
    World world(with_mode(GetParam()));
    sign_in_and_out(world);
    world.tell(inputs::sign_out_answered(status));
    EXPECT_EQ(world.storage.has_value(), remembered) << status;
    EXPECT_EQ(world.finished[world.request(0, RequestKind::refresh)], ErrorCode::signed_out)
        << "as after any sign-out";
  }
}

TEST(LostSignOut, C7_WhereNoCookieSignsInAgainNothingIsRemembered) {
  Settings no_refresh = with_mode(Mode::cookie);
  no_refresh.can_refresh = 0;
  for (const Settings& settings : {no_refresh, with_mode(Mode::bearer)}) {
    World world(settings);
    sign_in_and_out(world);
    world.tell(inputs::sign_out_answered(0));
    EXPECT_FALSE(world.storage.has_value());
  }
}

TEST(LostSignOut, C7_L1_ANoOfAnotherTimeEndsNoSessionThatIsTakenUp) {
  World world(hybrid());
  world.storage = record_of_session(99, 1, Mode::hybrid);
  world.start();
  ASSERT_EQ(world.refreshes.size(), 1u);
  Record left;
  left.session = 98;
  left.received = world.now - 60 * kSecond;
  world.storage = write_record(left, Mode::hybrid);  // late, over the record of 99
  world.tokens(json_tokens("a1", ""));
  EXPECT_TRUE(world.machine.signed_in());
  EXPECT_TRUE(world.revoked_with.empty());
  EXPECT_EQ(world.stored().session, 99u);
}

TEST(LostSignOut, C7_ATabThatSleptThroughItEnds) {
  for (const std::uint64_t session : {std::uint64_t{99}, std::uint64_t{100}}) {
    World world(hybrid());
    world.storage = record_of_session(99, 1, Mode::hybrid);
    world.start();
    world.tokens(json_tokens("a1", ""));
    Record left;
    left.session = session;  // or who has signed in meanwhile
    left.received = world.now += 60 * kSecond;
    world.storage = write_record(left, Mode::hybrid);
    world.wake();
    world.now += kSecond;
    world.tell(inputs::of(InputKind::timeout));
    EXPECT_FALSE(world.machine.signed_in()) << session;
    EXPECT_EQ(world.refreshes.size(), 1u);
  }
}

TEST(RefusedVisitorOfOldTimes, C7_E5_ANoIsNotRememberedByAClockFromBefore1970) {
  World world(hybrid());
  world.now = -28 * kDay;
  world.start();
  ASSERT_EQ(world.refreshes.size(), 1u);
  world.tokens("", 401);
  EXPECT_EQ(world.machine.signed_in(), false);
  // Nobody could read it again: it would count as a record that is broken.
  EXPECT_FALSE(world.storage.has_value());
}

TEST_F(RefusedVisitor, C7_E5_ANoOfAnotherClockIsNotBelieved) {
  World other(hybrid());
  other.storage = no(other.now + kDay);
  other.start();
  EXPECT_EQ(other.refreshes.size(), 1u);
}

TEST_F(RefusedVisitor, C7_ALookAtItChangesNothing) {
  const std::optional<std::string> before = world.storage;
  world.wake();
  EXPECT_EQ(world.storage, before);
  EXPECT_EQ(world.count(EffectKind::signedout), 0);
}

TEST_F(RefusedVisitor, C7_L1_WrittenOverASessionItIsReplacedByARefresh) {
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

}  // namespace
}  // namespace bearerkit::test
