// What the rules ask of the answer table, and what stands beside it (E6). What all tables have in
// common: tables_test.cpp.
#include "machine_fixture.h"
#include "tables.h"

namespace bearerkit::test {
namespace {

TEST(AnswerRows, F6_ASecondAttemptIsNeverSentAgain) {
  for (const AnswerFacts& seen : AnswerTable::all()) {
    if (seen.attempt != Attempt::second) continue;
    EXPECT_EQ(decide_answer(seen), AnswerAction::deliver);
  }
}

TEST(AnswerRows, L2_NothingOfAnotherSessionIsSentAgain) {
  for (const AnswerFacts& seen : AnswerTable::all()) {
    if (seen.sent_with != SentWith::other_session) continue;
    EXPECT_EQ(decide_answer(seen), AnswerAction::deliver);
  }
}

TEST(AnswerRows, F3_AOneShotBodyIsNeverSentAgain) {
  for (const AnswerFacts& seen : AnswerTable::all()) {
    if (seen.body != Body::one_shot) continue;
    const AnswerAction action = decide_answer(seen);
    EXPECT_TRUE(action == AnswerAction::deliver || action == AnswerAction::expire_session);
  }
}

TEST(AnswerRows, R14_ACurrentTokenIsNotRefreshedForAHopelessEndpoint) {
  for (const AnswerFacts& seen : AnswerTable::all()) {
    if (seen.endpoint == Endpoint::hopeless && seen.sent_with == SentWith::current) {
      EXPECT_EQ(decide_answer(seen), AnswerAction::deliver);
    }
  }
}

TEST(AnswerRows, R12_AFirst401ToTheCurrentTokenEndsWhatCannotBeRefreshedAndNothingElseDoes) {
  for (const AnswerFacts& seen : AnswerTable::all()) {
    const bool ends = seen.attempt == Attempt::first && seen.sent_with == SentWith::current &&
                      seen.refresh == RefreshState::impossible &&
                      seen.endpoint != Endpoint::hopeless;
    EXPECT_EQ(decide_answer(seen) == AnswerAction::expire_session, ends);
  }
}

TEST(AnswerRows, R2_ALate401NeverStartsARefresh) {
  for (const AnswerFacts& seen : AnswerTable::all()) {
    if (seen.sent_with != SentWith::replaced) continue;
    EXPECT_NE(decide_answer(seen), AnswerAction::refresh_and_wait);
    EXPECT_NE(decide_answer(seen), AnswerAction::wait);
  }
}

TEST(AnswerRows, R1_R8_ARefreshBeginsOnlyWhereNoneRunsAndItsTimeHasCome) {
  for (const AnswerFacts& seen : AnswerTable::all()) {
    if (decide_answer(seen) == AnswerAction::refresh_and_wait) {
      EXPECT_EQ(seen.refresh, RefreshState::idle);
    }
    if (decide_answer(seen) == AnswerAction::wait) {
      EXPECT_EQ(seen.refresh, RefreshState::running);
    }
  }
}

// Beside the table: a first 401 to the current token says that it is no good, whatever becomes of
// the 401.
class RefusedToken : public SignedIn {
 protected:
  // getAccessToken() is answered at once, with the token.
  bool is_good() {
    const RequestId call = world.request(0, RequestKind::token);
    return world.finished.contains(call) && world.finished[call] == ErrorCode::none;
  }
};

TEST_F(RefusedToken, E6_F3_AlsoWhereTheBodyIsUsedUp) {
  const RequestId stream = world.request(one_shot_body);
  EXPECT_TRUE(is_good());
  EXPECT_TRUE(world.answer(stream, 401));
  EXPECT_FALSE(is_good());
}

TEST_F(RefusedToken, E6_R8_AlsoInBackoff) {
  world.request(0, RequestKind::refresh);
  world.refresh_fails();
  EXPECT_TRUE(is_good());
  EXPECT_TRUE(world.answer(id, 401));
  EXPECT_FALSE(is_good());
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST_F(RefusedToken, E6_R1_AlsoWhileARefreshRuns) {
  world.request(0, RequestKind::refresh);
  EXPECT_TRUE(is_good());
  EXPECT_FALSE(world.answer(id, 401));
  EXPECT_FALSE(is_good());
}

TEST_F(RefusedToken, E6_R2_NotWhenItIsAboutAnOlderOneOrA403) {
  const RequestId other = world.request();
  world.request(0, RequestKind::refresh);
  world.tokens(oauth_tokens("a2", "r2"));
  world.answer(id, 401);
  world.answer(other, 403);
  EXPECT_TRUE(is_good());
}

}  // namespace
}  // namespace bearerkit::test
