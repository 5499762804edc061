// L9: what is kept of an answer, and whose it is (L5).
#include <string>
#include <string_view>

#include "formats/core_limits.h"
#include "machine_fixture.h"

namespace bearerkit::test {
namespace {

class Kept : public ::testing::TestWithParam<Mode> {
 protected:
  World world{with_mode(GetParam())};
  void SetUp() override {
    world.start();
    ASSERT_EQ(world.tell(inputs::sign_in(oauth_tokens("a1", "r1"), "\"ada\"", R"({"k":1})")),
              ErrorCode::none);
  }
  void refresh(std::string_view identity, std::string_view kept, std::string_view kept_anew) {
    world.request(0, RequestKind::refresh);
    const std::string body = oauth_tokens("a2", "r2");
    Input input = inputs::token_response(world.refreshes.back().run, 200, body);
    input.identity = identity;
    input.kept = kept;
    input.kept_anew = kept_anew;
    world.tell(input);
  }
};

TEST_P(Kept, L9_ItStaysWithTheSessionAndIsNotWrittenBesideACookie) {
  EXPECT_EQ(world.machine.kept(), R"({"k":1})");
  EXPECT_EQ(world.storage->find("kept") != std::string::npos, GetParam() == Mode::bearer);
  refresh("\"ada\"", R"({"k":1,"l":2})", R"({"l":2})");
  EXPECT_EQ(world.machine.kept(), R"({"k":1,"l":2})");
  world.sign_out();
  EXPECT_EQ(world.machine.kept(), "");
}

TEST_P(Kept, L9_L5_AnotherUserGetsNoneOfIt) {
  refresh("\"grace\"", R"({"k":1,"l":2})", R"({"l":2})");
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::replaced);
  EXPECT_EQ(world.machine.kept(), R"({"l":2})");
}

TEST_P(Kept, L9_WhatIsTooMuchIsNotKept) {
  const std::string much(limits::kMaxKeptBytes + 1, 'x');
  refresh("", much, much);
  EXPECT_EQ(world.machine.kept(), R"({"k":1})");
  EXPECT_EQ(world.count(EffectKind::warning), 1);
}

TEST_P(Kept, L5_WhatTheAppDoesNotKnowCountsAsTheSame) {
  refresh("null", "", "");
  EXPECT_EQ(world.count(EffectKind::signedout), 0);
  refresh("\"grace\"", "", "");
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::replaced) << "and is not forgotten";
}

INSTANTIATE_TEST_SUITE_P(Modes, Kept, ::testing::Values(Mode::bearer, Mode::hybrid, Mode::cookie));

TEST(KeptByTabs, L9_AnotherTabsRecordBringsItsOwn) {
  World first(with_mode(Mode::bearer));
  first.start();
  first.tell(inputs::sign_in(oauth_tokens("a1", "r1"), {}, R"({"k":1})"));
  World second(with_mode(Mode::bearer));
  second.storage = first.storage;
  second.start();
  EXPECT_EQ(second.machine.kept(), R"({"k":1})");
}

TEST(KeptByTabs, L9_InCookieModeAnotherTabsTurnLeavesIt) {
  World world(with_mode(Mode::cookie));
  world.start();
  world.tell(inputs::sign_in("{}", {}, R"({"k":1})"));
  Record record = world.stored();
  record.generation++;
  world.storage = write_record(record, Mode::cookie);
  world.wake();
  EXPECT_EQ(world.machine.generation(), record.generation);
  EXPECT_EQ(world.machine.kept(), R"({"k":1})");
}

}  // namespace
}  // namespace bearerkit::test
