// Who is signed in, with which tokens, and what goes with a request.
#include "machine/session.h"

#include <gtest/gtest.h>

#include "now.h"

namespace bearerkit {
namespace {

constexpr Milliseconds kLife = 900'000;

class SessionTest : public ::testing::Test {
 protected:
  Settings settings;

  // In bearer, hybrid or cookie mode.
  Session session_in(Mode mode) {
    settings.mode = mode;
    return Session(settings);
  }
  // A token of 15 minutes.
  Record record_of(std::uint64_t which = 7, std::uint32_t generation = 1,
                   Milliseconds life = kLife) const {
    Record record;
    record.session = which;
    record.generation = generation;
    record.received = kNow;
    record.deadline = kNow + life;
    if (settings.mode != Mode::cookie) record.access_token = Text("access");
    if (settings.mode == Mode::bearer) record.refresh_token = Text("refresh");
    return record;
  }
  static Request request_of(std::uint64_t which, std::uint32_t generation = 1,
                            std::uint32_t flags = 0) {
    Request request;
    request.session = which;
    request.generation = generation;
    request.flags = flags;
    return request;
  }
};

// ---- freshness ------------------------------------------------------------------------------

TEST_F(SessionTest, E1_R11_ATokenIsFreshThenInItsMarginThenExpired) {
  settings.leeway = 5'000;
  Session session(settings);
  session.begin(record_of());
  EXPECT_EQ(session.freshness(kNow), Freshness::fresh);
  EXPECT_EQ(session.margin_begins(), kNow + kLife - 30'000);
  EXPECT_EQ(session.freshness(kNow + kLife - 30'001), Freshness::fresh);
  EXPECT_EQ(session.freshness(kNow + kLife - 30'000), Freshness::margin);
  EXPECT_EQ(session.freshness(kNow + kLife + 4'999), Freshness::margin);
  EXPECT_EQ(session.freshness(kNow + kLife + 5'000), Freshness::expired);
}

TEST_F(SessionTest, E7_TheMarginIsAtMostAQuarterOfTheLife) {
  Session session(settings);
  session.begin(record_of(7, 1, 10'000));
  EXPECT_EQ(session.margin_begins(), kNow + 7'500);
  EXPECT_EQ(session.freshness(kNow + 7'499), Freshness::fresh);
  EXPECT_EQ(session.freshness(kNow + 7'500), Freshness::margin);
}

TEST_F(SessionTest, E4_WithoutADeadlineOnlyA401Tells) {
  Session session(settings);
  Record record = record_of();
  record.deadline = kNever;
  session.begin(record);
  EXPECT_EQ(session.freshness(kNow + 1e15), Freshness::fresh);
  EXPECT_EQ(session.margin_begins(), kNever);
}

TEST_F(SessionTest, E5_AClockFromBeforeTheTokenIsNoneToGoBy) {
  Session session(settings);
  session.begin(record_of(7, 1, -3.2e10));  // by its deadline, expired long ago
  EXPECT_EQ(session.freshness(kNow), Freshness::expired);
  EXPECT_EQ(session.freshness(kNow - 60'000), Freshness::expired);
  EXPECT_EQ(session.freshness(kNow - 60'001), Freshness::fresh);
}

TEST_F(SessionTest, E6_ARefusedTokenIsExpiredUntilThereIsAnother) {
  Session session(settings);
  session.begin(record_of());
  session.reject_token();
  EXPECT_EQ(session.freshness(kNow), Freshness::expired);
  EXPECT_EQ(session.margin_begins(), 0);
  EXPECT_FALSE(session.token_usable(kNow));
  session.take_up(record_of(7, 2));
  EXPECT_EQ(session.freshness(kNow), Freshness::fresh);
  session.reject_token();
  session.begin(record_of(8));
  EXPECT_EQ(session.freshness(kNow), Freshness::fresh);
}

TEST_F(SessionTest, C4_InHybridModeNoTokenIsAnExpiredOne) {
  Session hybrid = session_in(Mode::hybrid);
  hybrid.presume(7);
  EXPECT_EQ(hybrid.freshness(kNow), Freshness::expired);
  hybrid.take_up(record_of());
  EXPECT_EQ(hybrid.freshness(kNow), Freshness::fresh);
  Session cookie = session_in(Mode::cookie);
  cookie.presume(7);
  EXPECT_EQ(cookie.freshness(kNow), Freshness::fresh);
}

TEST_F(SessionTest, ATokenIsUsableInASessionOnly) {
  Session session(settings);
  EXPECT_FALSE(session.token_usable(kNow));
  session.begin(record_of());
  EXPECT_TRUE(session.token_usable(kNow));
  EXPECT_TRUE(session.token_usable(kNow + kLife - 1));
  EXPECT_FALSE(session.token_usable(kNow + kLife));
  session.leave();
  EXPECT_FALSE(session.token_usable(kNow));
}

TEST_F(SessionTest, R12_WhatARefreshNeeds) {
  Record without = record_of();
  without.refresh_token = Text();
  const auto possible = [&](const Record& record) {
    Session session(settings);
    session.begin(record);
    return session.refresh_possible();
  };
  EXPECT_TRUE(possible(record_of()));
  EXPECT_FALSE(possible(without));
  settings.refresh_needs_token = 0;
  EXPECT_TRUE(possible(without));
  settings.refresh_needs_token = 1;
  for (const Mode mode : {Mode::hybrid, Mode::cookie}) {  // the cookie does it
    settings.mode = mode;
    EXPECT_TRUE(possible(without));
  }
  settings.can_refresh = 0;
  for (const Mode mode : {Mode::bearer, Mode::hybrid, Mode::cookie}) {
    settings.mode = mode;
    EXPECT_FALSE(possible(record_of()));
  }
}

// ---- requests -------------------------------------------------------------------------------

TEST_F(SessionTest, R2_L2_TheTokenThatARequestWasSentWith) {
  Session session(settings);
  session.begin(record_of(7, 2));
  EXPECT_EQ(session.sent_with(request_of(7, 2), kNow), SentWith::current);
  EXPECT_EQ(session.sent_with(request_of(7, 2), kNow + kLife), SentWith::current);
  EXPECT_EQ(session.sent_with(request_of(7, 1), kNow), SentWith::replaced);
  EXPECT_EQ(session.sent_with(request_of(7, 1), kNow + kLife - 1), SentWith::replaced);
  EXPECT_EQ(session.sent_with(request_of(7, 1), kNow + kLife), SentWith::outlived);
  EXPECT_EQ(session.sent_with(request_of(8, 2), kNow), SentWith::other_session);
  EXPECT_EQ(session.sent_with(request_of(0, 0), kNow), SentWith::other_session);
  session.reject_token();
  EXPECT_EQ(session.sent_with(request_of(7, 1), kNow), SentWith::outlived);
}

TEST_F(SessionTest, L1_AfterASessionNothingIsOfIt) {
  Session session(settings);
  session.begin(record_of());
  session.stand_down();
  EXPECT_EQ(session.sent_with(request_of(7), kNow), SentWith::other_session);
  EXPECT_EQ(session.owner(request_of(7)), Owner::no_session);
  session.leave();
  EXPECT_EQ(session.sent_with(request_of(0, 0), kNow), SentWith::other_session);
  EXPECT_EQ(session.owner(request_of(0)), Owner::no_session);
}

TEST_F(SessionTest, L2_WhoseACallIs) {
  Session session(settings);
  session.begin(record_of());
  EXPECT_EQ(session.owner(request_of(7)), Owner::this_session);
  EXPECT_EQ(session.owner(request_of(0)), Owner::this_session);  // F8
  EXPECT_EQ(session.owner(request_of(8)), Owner::no_session);
  session.presume(8);
  EXPECT_EQ(session.owner(request_of(7)), Owner::no_session);
  EXPECT_EQ(session.owner(request_of(8)), Owner::this_session);
}

TEST_F(SessionTest, B1_C1_C2_WhatGoesWithARequest) {
  for (const Mode mode : {Mode::bearer, Mode::hybrid}) {
    Session session = session_in(mode);
    session.begin(record_of());
    EXPECT_EQ(session.flags_for(request_of(7)), with_token);
    EXPECT_EQ(session.flags_for(request_of(7, 1, unsafe_method)), with_token);
    session.presume(7);
    EXPECT_EQ(session.flags_for(request_of(7)), 0u);
  }
  Session session = session_in(Mode::cookie);
  session.begin(record_of());
  EXPECT_EQ(session.flags_for(request_of(7)), credentials);
  EXPECT_EQ(session.flags_for(request_of(7, 1, unsafe_method)), credentials | csrf);
}

TEST_F(SessionTest, B9_CredentialsGoToAForeignListedOriginWhereTheCallerHasNotSaidWhich) {
  for (const std::uint32_t flag : {own_origin, caller_credentials}) {
    Session session = session_in(Mode::cookie);
    session.begin(record_of());
    EXPECT_EQ(session.flags_for(request_of(7, 1, flag)), 0u);
    EXPECT_EQ(session.flags_for(request_of(7, 1, flag | unsafe_method)), csrf);
    // L2: not the new user's cookie, whatever the caller has said.
    EXPECT_EQ(session.plain_flags_for(request_of(8, 1, flag)), without_credentials);
    session.leave();
    EXPECT_EQ(session.plain_flags_for(request_of(8, 1, flag)), 0u);
    Session hybrid = session_in(Mode::hybrid);
    hybrid.begin(record_of());
    EXPECT_EQ(hybrid.flags_for(request_of(7, 1, flag)), with_token);
  }
}

TEST_F(SessionTest, F1_L2_WhatGoesWithARequestOfNoSession) {
  for (const Mode mode : {Mode::bearer, Mode::hybrid}) {
    Session session = session_in(mode);
    session.leave();
    EXPECT_EQ(session.plain_flags_for(request_of(7, 1, unsafe_method)), 0u);
    session.begin(record_of());
    EXPECT_EQ(session.plain_flags_for(request_of(8, 1, unsafe_method)), 0u);
  }
  Session session = session_in(Mode::cookie);
  session.begin(record_of());
  EXPECT_EQ(session.plain_flags_for(request_of(8)), without_credentials);
  session.leave();
  EXPECT_EQ(session.plain_flags_for(request_of(8)), credentials);
  EXPECT_EQ(session.plain_flags_for(request_of(8, 1, unsafe_method)), credentials | csrf);
}

// ---- changes --------------------------------------------------------------------------------

TEST_F(SessionTest, C4_ItStandsWhereItsBeginLeadIt) {
  Session session(settings);
  EXPECT_EQ(session.standing(), Standing::starting);
  EXPECT_FALSE(session.exists());
  session.presume(7);
  EXPECT_TRUE(session.presumed() && session.exists() && !session.signed_in());
  EXPECT_EQ(session.record().session, 7u);
  session.name(record_of(8, 5));
  EXPECT_EQ(session.record().session, 8u);
  EXPECT_EQ(session.record().generation, 5u);
  EXPECT_TRUE(session.presumed());
  EXPECT_TRUE(session.take_up(record_of(8, 6)));
  EXPECT_TRUE(session.signed_in() && !session.presumed());
  EXPECT_FALSE(session.take_up(record_of(8, 7)));
  session.leave();
  EXPECT_EQ(session.standing(), Standing::signed_out);
  EXPECT_EQ(session.record().session, 0u);
  EXPECT_TRUE(session.record().access_token.empty());
}

TEST_F(SessionTest, TheVersionChangesWithTheToken) {
  Session session(settings);
  std::uint32_t version = session.token_version();
  const auto changed = [&] { return std::exchange(version, session.token_version()) != version; };
  session.begin(record_of());
  EXPECT_TRUE(changed());
  session.reject_token();
  session.name(record_of(7, 5));
  EXPECT_FALSE(changed());
  session.take_up(record_of(7, 6));
  EXPECT_TRUE(changed());
  session.go_on_from(record_of(7, 7));
  EXPECT_TRUE(changed());
  session.presume(7);
  EXPECT_TRUE(changed());
  session.leave();
  EXPECT_TRUE(changed());
}

TEST_F(SessionTest, X1_TokensThatHaveExpiredAsWellEndNoStanding) {
  Session session(settings);
  session.begin(record_of());
  session.reject_token();
  session.go_on_from(record_of(7, 5, -1'000));
  EXPECT_TRUE(session.signed_in());
  EXPECT_EQ(session.record().generation, 5u);
  EXPECT_EQ(session.freshness(kNow), Freshness::expired);
}

TEST_F(SessionTest, L1_OnceInASessionItsRecordIsPutBack) {
  Session session(settings);
  session.begin(record_of());
  EXPECT_TRUE(session.write_back_once());
  EXPECT_FALSE(session.write_back_once());
  session.take_up(record_of(7, 2));
  EXPECT_FALSE(session.write_back_once());
  session.begin(record_of(8));
  EXPECT_TRUE(session.write_back_once());
  session.leave();
  EXPECT_TRUE(session.write_back_once());
}

}  // namespace
}  // namespace bearerkit
