// What the storage holds, seen from the session that a client holds: S3, S4, L1, X1, C4.
#include "machine/stored.h"

#include <gtest/gtest.h>

#include <string>

#include "now.h"

namespace bearerkit {
namespace {

constexpr std::uint64_t kOwn = 7;
constexpr std::uint64_t kOther = 8;
constexpr std::uint64_t kEnded = 9;

Record record_of(std::uint64_t session, std::uint32_t generation, Mode mode,
                 Milliseconds deadline = kNever) {
  Record record;
  record.session = session;
  record.generation = generation;
  record.deadline = deadline;
  if (mode == Mode::bearer) {
    record.access_token = Text("access");
    record.refresh_token = Text("refresh");
  }
  return record;
}

Settings settings_of(Mode mode) {
  Settings settings;
  settings.mode = mode;
  settings.leeway = 2'000;
  return settings;
}

// A client that has generation 3 of session 7, and has seen session 9 end.
struct Client {
  explicit Client(Mode mode, Milliseconds received = 0)
      : settings(settings_of(mode)), session(settings) {
    Record own = record_of(kOwn, 3, mode);
    own.received = received;
    session.begin(own);
    ended.add(kEnded);
  }
  Found look(ReadOutcome outcome, std::string_view text) const {
    return look_at_record(outcome, text, session, newest, ended, settings, kNow);
  }
  Stored look(const Record& record) const {
    return look(ReadOutcome::found, write_record(record, settings.mode)).stored;
  }
  Stored look(std::uint64_t which, std::uint32_t generation, Milliseconds deadline = kNever) const {
    return look(record_of(which, generation, settings.mode, deadline));
  }
  RefreshEvent event(Stored stored) const { return refresh_event_of(stored, session, settings); }

  Settings settings;
  Session session;
  EndedSessions ended;
  std::uint32_t newest = 3;
};

constexpr Mode kModes[] = {Mode::bearer, Mode::hybrid, Mode::cookie};

// ---- look_at_record -------------------------------------------------------------------------

TEST(LookAtRecord, S4_R10_WhereNothingIsReadNothingIsFound) {
  for (const Mode mode : kModes) {
    const Client client(mode);
    EXPECT_EQ(client.look(ReadOutcome::missing, "").stored, Stored::missing);
    EXPECT_EQ(client.look(ReadOutcome::failed, "").stored, Stored::unreadable);
    const std::string good = write_record(record_of(kOther, 9, mode), mode);
    EXPECT_EQ(client.look(ReadOutcome::failed, good).stored, Stored::unreadable);
    EXPECT_EQ(client.look(ReadOutcome::missing, good).record.session, 0u);
  }
}

TEST(LookAtRecord, S3_WhatIsNoRecordIsCorrupt) {
  for (const Mode mode : kModes) {
    const Client client(mode);
    for (const char* text : {"", "{}", "<html>", "null", R"({"version":2})"}) {
      const Found found = client.look(ReadOutcome::found, text);
      EXPECT_EQ(found.stored, Stored::corrupt) << text;
      EXPECT_EQ(found.record.session, 0u) << text;
    }
  }
}

TEST(LookAtRecord, C3_ARecordOfAnotherModeIsCorrupt) {
  const std::string with_tokens = write_record(record_of(kOwn, 4, Mode::bearer), Mode::bearer);
  const std::string without = write_record(record_of(kOwn, 4, Mode::hybrid), Mode::hybrid);
  EXPECT_EQ(Client(Mode::hybrid).look(ReadOutcome::found, with_tokens).stored, Stored::corrupt);
  EXPECT_EQ(Client(Mode::cookie).look(ReadOutcome::found, with_tokens).stored, Stored::corrupt);
  EXPECT_EQ(Client(Mode::bearer).look(ReadOutcome::found, without).stored, Stored::corrupt);
}

TEST(LookAtRecord, X1_WhatIsNotNewerIsTheSame) {
  for (const Mode mode : kModes) {
    const Client client(mode);
    for (std::uint32_t generation = 1; generation <= 3; generation++) {
      EXPECT_EQ(client.look(kOwn, generation), Stored::same);
      EXPECT_EQ(client.look(kOwn, generation, 1e6), Stored::same);
    }
  }
}

TEST(LookAtRecord, X1_TheNewestThatIsKnownCountsNotTheOwn) {
  Client client(Mode::bearer);
  client.newest = 5;
  EXPECT_EQ(client.look(kOwn, 5), Stored::same);
  EXPECT_EQ(client.look(kOwn, 6), Stored::newer);
}

TEST(LookAtRecord, X1_E1_NewerTokensMayHaveExpiredAsWell) {
  for (const Mode mode : {Mode::bearer, Mode::cookie}) {
    const Client client(mode);
    EXPECT_EQ(client.look(kOwn, 4), Stored::newer);
    EXPECT_EQ(client.look(kOwn, 4, kNow + 60'000), Stored::newer);
    EXPECT_EQ(client.look(kOwn, 4, kNow - 1'999), Stored::newer);  // the leeway
    EXPECT_EQ(client.look(kOwn, 4, kNow - 2'000), Stored::stale);
  }
}

TEST(LookAtRecord, C4_InHybridModeItIsATurnWithoutTokens) {
  const Client client(Mode::hybrid);
  EXPECT_EQ(client.look(kOwn, 4), Stored::turn);
  EXPECT_EQ(client.look(kOwn, 4, kNow - 60'000), Stored::turn);
}

TEST(LookAtRecord, L1_L2_OtherSessionsAndEndedOnes) {
  for (const Mode mode : kModes) {
    const Client client(mode);
    for (const std::uint32_t generation : {1u, 3u, 99u}) {
      EXPECT_EQ(client.look(kOther, generation), Stored::other);
      EXPECT_EQ(client.look(kOther, generation, kNow - 60'000), Stored::other);
      EXPECT_EQ(client.look(kEnded, generation), Stored::ended);
    }
  }
}

TEST(LookAtRecord, L1_AnOwnSessionThatHasEndedIsEnded) {
  Client client(Mode::bearer);
  client.ended.add(kOwn);
  EXPECT_EQ(client.look(kOwn, 3), Stored::ended);
  EXPECT_EQ(client.look(kOwn, 4), Stored::ended);
}

TEST(LookAtRecord, C7_TheServersNoIsNoSession) {
  Record refusal;
  refusal.received = kNow;
  for (const Mode mode : {Mode::hybrid, Mode::cookie}) {
    const Client client(mode, 5'000);
    EXPECT_EQ(client.look(refusal), Stored::refused);
    EXPECT_EQ(client.event(Stored::refused), RefreshEvent::record_same);
  }
  EXPECT_EQ(Client(Mode::bearer).look(refusal), Stored::corrupt);
}

TEST(LookAtRecord, C7_ASignOutTakesTheRecordAway) {
  const auto look = [](Mode mode, Milliseconds own, std::uint64_t session, Milliseconds at) {
    Record left;
    left.session = session;
    left.received = at;
    return Client(mode, own).look(left);
  };
  for (const Mode mode : {Mode::hybrid, Mode::cookie}) {
    EXPECT_EQ(look(mode, 5'000, kOwn, 4'999), Stored::missing);
    EXPECT_EQ(look(mode, 5'000, kOther, 5'000), Stored::missing);
    EXPECT_EQ(look(mode, 5'000, kOther, 4'999), Stored::refused) << "it is of an earlier time";
    EXPECT_EQ(look(mode, 0, kOther, 5'000), Stored::refused) << "no token has come in yet";
  }
}

TEST(LookAtRecord, TheRecordComesWithIt) {
  const Client client(Mode::bearer);
  const Record stored = record_of(kOther, 5, Mode::bearer, kNow);
  const Found found = client.look(ReadOutcome::found, write_record(stored, Mode::bearer));
  EXPECT_EQ(found.record.session, kOther);
  EXPECT_EQ(found.record.generation, 5u);
  EXPECT_EQ(found.record.deadline, kNow);
  EXPECT_EQ(found.record.access_token.view(), "access");
  EXPECT_EQ(found.record.refresh_token.view(), "refresh");
}

// ---- refresh_event_of -----------------------------------------------------------------------

TEST(RefreshEventOf, R7_X1_WhatIsFoundHasAnEventOfItsName) {
  for (const Mode mode : kModes) {
    const Client client(mode);
    EXPECT_EQ(client.event(Stored::missing), RefreshEvent::record_missing);
    EXPECT_EQ(client.event(Stored::corrupt), RefreshEvent::record_corrupt);
    EXPECT_EQ(client.event(Stored::same), RefreshEvent::record_same);
    EXPECT_EQ(client.event(Stored::turn), RefreshEvent::record_turn);
    EXPECT_EQ(client.event(Stored::newer), RefreshEvent::record_newer);
    EXPECT_EQ(client.event(Stored::stale), RefreshEvent::record_stale);
    EXPECT_EQ(client.event(Stored::other), RefreshEvent::record_other);
  }
}

TEST(RefreshEventOf, L1_R10_AnEndedSessionAndWhatCannotBeReadAreReplaced) {
  for (const Mode mode : kModes) {
    const Client client(mode);
    EXPECT_EQ(client.event(Stored::ended), RefreshEvent::record_same);
    EXPECT_EQ(client.event(Stored::unreadable), RefreshEvent::record_same);
  }
}

TEST(RefreshEventOf, C4_ASessionThatWasPresumedWithoutARecordHasNoneToLose) {
  for (const Mode mode : {Mode::hybrid, Mode::cookie}) {
    Client client(mode);
    client.session.presume(kOwn);
    EXPECT_EQ(client.event(Stored::missing), RefreshEvent::record_same);
    EXPECT_EQ(client.event(Stored::corrupt), RefreshEvent::record_same);
    client.session.name(record_of(kOwn, 1, mode));
    EXPECT_EQ(client.event(Stored::missing), RefreshEvent::record_missing);
    EXPECT_EQ(client.event(Stored::corrupt), RefreshEvent::record_corrupt);
  }
}

TEST(RefreshEventOf, C4_InHybridModeARecordNamesThePresumedSession) {
  Client hybrid(Mode::hybrid);
  hybrid.session.presume(kOwn);
  EXPECT_EQ(hybrid.event(Stored::other), RefreshEvent::record_names_it);
  Client cookie(Mode::cookie);
  cookie.session.presume(kOwn);
  EXPECT_EQ(cookie.event(Stored::other), RefreshEvent::record_other);
}

}  // namespace
}  // namespace bearerkit
