// The tables by themselves: complete, and with the rows that the rules ask for.
#include "machine/session_state.h"

#include <gtest/gtest.h>

#include <set>

namespace bearerkit {
namespace {

constexpr Standing kStandings[] = {Standing::starting, Standing::signed_in, Standing::signed_out};
constexpr Freshness kFreshness[] = {Freshness::fresh, Freshness::margin, Freshness::expired};
constexpr Refresh kRefresh[] = {Refresh::impossible, Refresh::idle, Refresh::running,
                                Refresh::backoff};
constexpr Body kBodies[] = {Body::replayable, Body::one_shot};
constexpr SentWith kSentWith[] = {SentWith::current, SentWith::older_generation,
                                  SentWith::other_session};
constexpr Attempt kAttempts[] = {Attempt::first, Attempt::second};

int matching_rows(Standing standing, Freshness freshness, Refresh refresh, Body body) {
  int rows = 0;
  for (const RequestRow& row : kRequestTable) {
    rows += covers(row.standing, standing) && covers(row.freshness, freshness) &&
                    covers(row.refresh, refresh) && covers(row.body, body)
                ? 1
                : 0;
  }
  return rows;
}

TEST(RequestTable, CoversEveryCase) {
  for (const Standing standing : kStandings) {
    for (const Freshness freshness : kFreshness) {
      for (const Refresh refresh : kRefresh) {
        for (const Body body : kBodies) {
          EXPECT_GE(matching_rows(standing, freshness, refresh, body), 1);
        }
      }
    }
  }
}

TEST(AnswerTable, F6_ASecondAttemptIsNeverSentAgain) {
  for (const Standing standing : kStandings) {
    for (const SentWith sent_with : kSentWith) {
      for (const Freshness freshness : kFreshness) {
        for (const Refresh refresh : kRefresh) {
          for (const Body body : kBodies) {
            EXPECT_EQ(decide_answer({Answer::unauthorized, standing, Attempt::second, sent_with,
                                     body, freshness, refresh, AnswerAction::deliver}),
                      AnswerAction::deliver);
          }
        }
      }
    }
  }
}

TEST(AnswerTable, L2_NothingOfAnotherSessionIsSentAgain) {
  for (const Standing standing : kStandings) {
    for (const Attempt attempt : kAttempts) {
      for (const Freshness freshness : kFreshness) {
        for (const Refresh refresh : kRefresh) {
          EXPECT_EQ(decide_answer({Answer::unauthorized, standing, attempt, SentWith::other_session,
                                   Body::replayable, freshness, refresh, AnswerAction::deliver}),
                    AnswerAction::deliver);
        }
      }
    }
  }
}

TEST(AnswerTable, F3_AOneShotBodyIsNeverSentAgain) {
  for (const SentWith sent_with : kSentWith) {
    for (const Freshness freshness : kFreshness) {
      for (const Refresh refresh : kRefresh) {
        const AnswerAction action =
            decide_answer({Answer::unauthorized, Standing::signed_in, Attempt::first, sent_with,
                           Body::one_shot, freshness, refresh, AnswerAction::deliver});
        EXPECT_NE(action, AnswerAction::retry);
        EXPECT_NE(action, AnswerAction::wait);
        EXPECT_NE(action, AnswerAction::refresh_and_wait);
      }
    }
  }
}

TEST(AnswerTable, B6_WhatIsNoCallForARefreshIsDelivered) {
  for (const SentWith sent_with : kSentWith) {
    for (const Refresh refresh : kRefresh) {
      EXPECT_EQ(
          decide_answer({Answer::other, Standing::signed_in, Attempt::first, sent_with,
                         Body::replayable, Freshness::expired, refresh, AnswerAction::deliver}),
          AnswerAction::deliver);
    }
  }
}

TEST(FlowTable, HasOneRowForAPhaseAndAnEvent) {
  std::set<std::pair<Phase, FlowEvent>> seen;
  for (const FlowRow& row : kFlowTable) {
    EXPECT_TRUE(seen.emplace(row.phase, row.event).second);
  }
}

TEST(FlowTable, R10_EveryPhaseLeadsBackToIdle) {
  std::set<Phase> ends = {Phase::idle};
  for (std::size_t round = 0; round < std::size(kFlowTable); round++) {
    for (const FlowRow& row : kFlowTable) {
      if (ends.contains(row.next)) ends.insert(row.phase);
    }
  }
  for (const Phase phase :
       {Phase::locking, Phase::stealing, Phase::asking, Phase::queueing, Phase::claiming,
        Phase::confirming, Phase::reading, Phase::settling, Phase::redeeming, Phase::committing,
        Phase::storing, Phase::verifying}) {
    EXPECT_TRUE(ends.contains(phase));
  }
}

TEST(FlowTable, X1_OnlyAReadUnderTheLockLeadsToRedeeming) {
  for (const FlowRow& row : kFlowTable) {
    if (row.next == Phase::redeeming) {
      EXPECT_EQ(row.phase, Phase::reading);
    }
    if (row.next == Phase::storing) {
      EXPECT_EQ(row.phase, Phase::committing);
    }
    if (row.action == FlowAction::end_rejected) {
      EXPECT_EQ(row.phase, Phase::verifying);
    }
  }
}

}  // namespace
}  // namespace bearerkit
