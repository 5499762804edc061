// L1, L2, L3: the sessions that ended here.
#include "machine/ended_sessions.h"

#include <gtest/gtest.h>

namespace bearerkit {
namespace {

TEST(EndedSessionsTest, L1_WhatEndedIsKnown) {
  EndedSessions ended;
  EXPECT_FALSE(ended.has(7));
  ended.add(7);
  EXPECT_TRUE(ended.has(7));
  EXPECT_FALSE(ended.has(8));
}

TEST(EndedSessionsTest, L1_TheLastSixteenAreKept) {
  EndedSessions ended;
  for (std::uint64_t session = 1; session <= 16; session++) ended.add(session);
  for (std::uint64_t session = 1; session <= 16; session++) EXPECT_TRUE(ended.has(session));
  ended.add(17);
  EXPECT_FALSE(ended.has(1));
  for (std::uint64_t session = 2; session <= 17; session++) EXPECT_TRUE(ended.has(session));
}

TEST(EndedSessionsTest, OneThatEndsAgainAndOneThatIsNonePushOutNoOther) {
  EndedSessions ended;
  for (std::uint64_t session = 1; session <= 16; session++) ended.add(session);
  for (int i = 0; i < 40; i++) {
    ended.add(16);
    ended.add(0);
  }
  for (std::uint64_t session = 1; session <= 16; session++) EXPECT_TRUE(ended.has(session));
}

TEST(EndedSessionsTest, L3_TheReasonIsTheLastOneThatWasTold) {
  EndedSessions ended;
  EXPECT_EQ(ended.reason(), SignOutReason::none);
  ended.add(7);
  EXPECT_EQ(ended.reason(), SignOutReason::none);
  ended.set_reason(SignOutReason::expired);
  ended.set_reason(SignOutReason::refresh_rejected);
  EXPECT_EQ(ended.reason(), SignOutReason::refresh_rejected);
}

}  // namespace
}  // namespace bearerkit
