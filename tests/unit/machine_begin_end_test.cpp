// A session's begin and end: F8, L1, L2, L3, and that the others are told (X3).
#include "formats/core_limits.h"
#include "machine_fixture.h"

namespace bearerkit::test {
namespace {

class SessionBeginEnd : public SignedIn {};

TEST(SessionBegin, F8_ACallBeforeTheStorageIsReadIsOfTheSessionThatIsFound) {
  World first;
  first.start();
  first.sign_in();
  World world;
  world.storage = first.storage;
  world.now += 901 * kSecond;  // expired, so that it waits once more
  world.storage_answers = false;
  world.start();
  const std::uint32_t id = world.request();
  world.storage_answers = true;
  world.reply(world.held.back());
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_EQ(world.outcome[id], EffectKind::send);
  EXPECT_EQ(world.send_flags[id], go | with_token | tracked);
}

TEST(SessionBegin, L1_ASignOutBeforeTheStorageIsReadClearsItAndRevokesNothing) {
  World world;
  world.storage = record_of(7, 1, "a1", "r1");
  world.storage_answers = false;
  world.start();
  const std::uint32_t id = world.request();
  world.sign_out();
  EXPECT_FALSE(world.storage.has_value());
  EXPECT_TRUE(world.revoked.empty());
  EXPECT_EQ(world.send_flags[id], static_cast<std::uint32_t>(go));
  EXPECT_EQ(world.count(EffectKind::signedout), 0);  // nobody was signed in
}

TEST_F(SessionBeginEnd, X3_SignInRefreshAndSignOutAreToldToTheOthers) {
  const auto told = [this](const char* kind) {
    return world.messages.back().starts_with(std::string("bearerkit 1 ") + kind + " ");
  };
  EXPECT_TRUE(told("signed_in"));
  world.answer(id, 401);
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_TRUE(told("changed"));
  EXPECT_EQ(world.count(EffectKind::refreshed), 1);
  world.sign_out();
  EXPECT_TRUE(told("signed_out"));
  world.sign_in();
  world.request(0, RequestKind::refresh);
  world.tokens(R"({"error":"invalid_grant"})", 400);
  EXPECT_TRUE(told("ended"));
  world.sign_in(R"({"access_token":"a1"})");
  world.answer(world.request(), 401);
  EXPECT_TRUE(told("ended"));
}

TEST_F(SessionBeginEnd, E6_L2_ANewSessionDoesNotBeginWithTheTokenThatWasRefused) {
  world.answer(world.request(one_shot_body), 401);
  world.sign_in(oauth_tokens("b1", "s1"));
  world.request();
  EXPECT_EQ(world.last & 0xff, go | with_token | tracked);
}

TEST_F(SessionBeginEnd, L1_SignOutWhileTheNewTokensAreStoredRevokesThem) {
  world.answer(id, 401);
  world.storage_answers = false;
  world.tokens(oauth_tokens("a2", "r2"));
  world.storage_answers = true;
  const Effect read = world.held.back();
  world.storage_answers = false;
  world.machine.handle(world.now,
                       inputs::storage_read(ReadPurpose::run, read.read_storage.operation,
                                            ReadOutcome::found, *world.storage));
  world.drain();
  ASSERT_EQ(world.held.back().kind, EffectKind::write_storage);
  world.sign_out();
  EXPECT_EQ(world.revoked, (std::vector<std::string>{"r2", "r1"}));
}

TEST_F(SessionBeginEnd, L3_WhoWaitsIsToldWhyItIsOver) {
  const std::uint32_t rejected = world.request(0, RequestKind::refresh);
  world.tokens(R"({"error":"invalid_grant"})", 400);
  EXPECT_EQ(world.finished[rejected], ErrorCode::refresh_rejected);
  EXPECT_EQ(world.finished[world.request(0, RequestKind::refresh)], ErrorCode::signed_out);
  world.sign_in();
  world.pass(901 * kSecond);
  const std::uint32_t signed_out = world.request(0, RequestKind::refresh);
  const std::uint32_t token = world.request(0, RequestKind::token);
  world.sign_out();
  EXPECT_EQ(world.finished[signed_out], ErrorCode::signed_out);
  EXPECT_EQ(world.finished[token], ErrorCode::none);  // there is none, which is an answer
}

TEST_F(SessionBeginEnd, L3_ASignOutElsewhereIsNotMistakenForAClearedStorage) {
  const std::uint64_t session = world.stored().session;
  world.storage.reset();
  world.wake();
  world.pass(99);  // the other tab's word takes its time
  EXPECT_TRUE(world.machine.signed_in());
  world.hear(write_peer_message({PeerMessage::Kind::signed_out, session}));
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::signed_out_elsewhere);
}

TEST_F(SessionBeginEnd, L2_TheSessionThatAnotherTabReplacedIsNotTakenUpAgain) {
  const std::optional<std::string> old = newer("a2", "r2");
  world.storage = record_of(99, 1, "b1", "s1");
  world.wake();
  EXPECT_EQ(world.machine.access_token(), "b1");
  world.storage = old;  // a third tab was about to write it
  world.wake();
  EXPECT_EQ(world.machine.access_token(), "b1");
}

TEST_F(SessionBeginEnd, L2_ASignInOnItsWayIsNotUndoneByWhatAnotherUserStoredBefore) {
  world.storage_answers = false;
  world.sign_in(oauth_tokens("b1", "s1"));
  world.wake();
  world.machine.handle(
      world.now, inputs::storage_read(ReadPurpose::peek, world.held.back().read_storage.operation,
                                      ReadOutcome::found, record_of(99, 5, "c1", "t1")));
  world.drain();
  EXPECT_EQ(world.machine.access_token(), "b1");
}

TEST(SessionCookie, C1_SignedOutALoginMayStillSetItsCookie) {
  World world(with_mode(Mode::cookie));
  world.start();
  world.sign_in("{}");
  world.sign_out();
  world.request(unsafe_method);
  EXPECT_EQ(world.last & 0xff, go | credentials | csrf);
}

TEST(SessionCookie, C1_L1_ACookieThatARefreshBroughtAfterTheSignOutIsTakenBackToo) {
  World world(with_mode(Mode::cookie));
  world.start();
  world.sign_in("{}");
  world.request(0, RequestKind::refresh);
  world.sign_out();
  EXPECT_EQ(world.revoked.size(), 1u);
  world.tokens("", 204);
  EXPECT_EQ(world.revoked.size(), 2u);
  EXPECT_FALSE(world.machine.signed_in());
}

TEST(SessionRequests, F1_AsManyCallsAsTheLimitAndThenTheyAreRefused) {
  World world;
  world.start();
  world.sign_in();
  std::vector<std::uint32_t> ids;
  for (std::size_t i = 0; i < limits::kMaxRequests; i++) {
    ids.push_back(world.machine.handle_request(world.now, RequestKind::fetch, 0));
  }
  EXPECT_NE(ids.back() & go, 0u);
  world.request();
  EXPECT_EQ(world.last, static_cast<std::uint32_t>(refused));
  world.answer(ids.back() >> kInstructionIdShift, 200);
  world.request();
  EXPECT_NE(world.last & go, 0u);
}

}  // namespace
}  // namespace bearerkit::test
