// L5: the session is its user's.
#include "machine_fixture.h"

namespace bearerkit::test {
namespace {

// {"alg":"none"} and {"sub":"ada"}, {"sub":"grace"}, {"iss":"https://b.example","sub":"ada"}.
const std::string kAda = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.";
const std::string kGrace = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJncmFjZSJ9.";
const std::string kOtherAda =
    "eyJhbGciOiJub25lIn0.eyJpc3MiOiJodHRwczovL2IuZXhhbXBsZSIsInN1YiI6ImFkYSJ9.";

class MachineIdentity : public ::testing::TestWithParam<Mode> {
 protected:
  World world{with_mode(GetParam())};
  RequestId id = 0;
  void SetUp() override {
    world.start();
    world.sign_in(oauth_tokens(kAda, "r1"));
    id = world.request();
    world.events.clear();
  }
  std::vector<EffectKind> told() const {
    std::vector<EffectKind> kinds;
    for (const Emitted& emitted : world.events) kinds.push_back(emitted.kind);
    return kinds;
  }
};

TEST_P(MachineIdentity, L5_AnothersTokenSendsNothingOfTheOldSession) {
  const std::uint64_t session = world.stored().session;
  const RequestId call = world.request(0, RequestKind::token);
  world.answer(id, 401);
  const RequestId unsent = world.request();
  world.tokens(oauth_tokens(kGrace, "r2"));
  EXPECT_EQ(world.outcome[id], EffectKind::deliver);
  EXPECT_EQ(world.send_flags[unsent] & with_token, 0u);
  EXPECT_EQ(told(), (std::vector{EffectKind::signedout, EffectKind::signedin}));
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::replaced);
  EXPECT_EQ(world.machine.access_token(), kGrace);
  EXPECT_NE(world.stored().session, session);
  EXPECT_NE(world.outcome[call], EffectKind::send);
}

TEST_P(MachineIdentity, L5_TheSameUserOfAnotherIssuerIsAnotherOne) {
  world.answer(id, 401);
  world.tokens(oauth_tokens(kOtherAda, "r2"));
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::replaced);
}

TEST_P(MachineIdentity, L5_AUserMayBeANumber) {
  // {"sub":9007199254740992}, the same with a 3 at its end, {"sub":"9007199254740992"}.
  const std::string first = "eyJhbGciOiJub25lIn0.eyJzdWIiOjkwMDcxOTkyNTQ3NDA5OTJ9.";
  const std::string second = "eyJhbGciOiJub25lIn0.eyJzdWIiOjkwMDcxOTkyNTQ3NDA5OTN9.";
  const std::string text = "eyJhbGciOiJub25lIn0.eyJzdWIiOiI5MDA3MTk5MjU0NzQwOTkyIn0.";
  world.sign_in(oauth_tokens(first, "r1"));
  id = world.request();
  world.answer(id, 401);
  world.tokens(oauth_tokens(text, "r2"));
  EXPECT_EQ(world.outcome[id], EffectKind::retry);
  id = world.request();
  world.answer(id, 401);
  world.tokens(oauth_tokens(second, "r3"));
  EXPECT_EQ(world.outcome[id], EffectKind::deliver);
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::replaced);
}

TEST_P(MachineIdentity, L5_ATimeOfTheWrongTypeHidesNobody) {
  // {"sub":"grace","exp":"soon"}
  world.answer(id, 401);
  world.tokens(oauth_tokens("eyJhbGciOiJub25lIn0.eyJzdWIiOiJncmFjZSIsImV4cCI6InNvb24ifQ.", "r2"));
  EXPECT_EQ(world.outcome[id], EffectKind::deliver);
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::replaced);
}

TEST_P(MachineIdentity, L5_TheSameUserGoesOn) {
  world.answer(id, 401);
  world.tokens(oauth_tokens(kAda, "r2"));
  EXPECT_EQ(world.outcome[id], EffectKind::retry);
  EXPECT_EQ(told(), std::vector{EffectKind::refreshed});
}

TEST_P(MachineIdentity, L5_AnUnknownUserCountsAsTheSame) {
  world.answer(id, 401);
  world.tokens(oauth_tokens("opaque", "r2"));
  EXPECT_EQ(world.outcome[id], EffectKind::retry);
  world.answer(id, 200);
  // And what was known is not forgotten by that.
  const RequestId next = world.request();
  world.answer(next, 401);
  world.tokens(oauth_tokens(kGrace, "r3"));
  EXPECT_EQ(world.outcome[next], EffectKind::deliver);
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::replaced);
}

TEST_P(MachineIdentity, L5_TheRecordSaysNoMoreThanAHashOfTheUser) {
  EXPECT_NE(world.stored().identity, 0u);
  EXPECT_EQ(world.storage->find("ada"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Modes, MachineIdentity, ::testing::Values(Mode::bearer, Mode::hybrid));

TEST(MachineIdentityOfTabs, L5_AnotherUsersRecordReplacesTheSession) {
  World world(with_mode(Mode::bearer));
  world.start();
  world.sign_in(oauth_tokens(kAda, "r1"));
  World other(with_mode(Mode::bearer));
  other.config.seed_low = 7;
  other.start();
  other.sign_in(oauth_tokens(kGrace, "s1"));
  world.events.clear();
  Record record = other.stored();
  record.session = 99;
  world.storage = write_record(record, Mode::bearer);
  world.wake();
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::replaced);
  EXPECT_EQ(world.machine.access_token(), kGrace);
}

TEST(MachineIdentityOfTabs, L5_AReloadInHybridModeKnowsWhoseTheSessionWas) {
  World first(with_mode(Mode::hybrid));
  first.start();
  first.sign_in(oauth_tokens(kAda, "r1"));
  World second(with_mode(Mode::hybrid));
  second.storage = first.storage;
  second.start();
  second.tokens(oauth_tokens(kGrace, "r2"));
  EXPECT_TRUE(second.machine.signed_in());
  EXPECT_NE(second.stored().session, first.stored().session);
  EXPECT_EQ(second.sign_out_reason(), SignOutReason::replaced);  // C5: the record said Ada
}

TEST(CookieOfAnother, L5_NothingOfTheOldSessionIsSentWithIt) {
  World world(with_mode(Mode::cookie));
  world.start();
  world.tell(inputs::sign_in(R"({"expires_in":60})", "\"ada\"", {}));
  const RequestId answered = world.request();
  world.answer(answered, 401);
  const RequestId unsent = world.request();
  Input input = inputs::token_response(world.refreshes.back().run, 200, "{}");
  input.identity = "\"grace\"";
  world.tell(input);
  EXPECT_EQ(world.outcome[answered], EffectKind::deliver);
  EXPECT_EQ(world.outcome[unsent], EffectKind::send);
  EXPECT_EQ(world.send_flags[unsent] & (credentials | without_credentials), without_credentials);
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::replaced);
  EXPECT_TRUE(world.machine.signed_in());
}

TEST(Identities, L5_TheWordOfTheAppAndTheClaimsOfATokenAreNotCompared) {
  const std::uint64_t ada = identity_of_app("\"ada\"", 0);
  EXPECT_TRUE(is_other_user(ada, identity_of_app("\"grace\"", 0)));
  EXPECT_FALSE(is_other_user(ada, identity_of_app("\"ada\"", 0)));
  EXPECT_FALSE(is_other_user(ada, ada ^ 1));
  EXPECT_FALSE(is_other_user(ada, 0));
  EXPECT_FALSE(is_other_user(0, ada));
  EXPECT_EQ(identity_of_app("null", ada), ada);
}

}  // namespace
}  // namespace bearerkit::test
