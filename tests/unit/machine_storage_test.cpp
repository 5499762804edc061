// Storages that fail, hang or are empty (S2, S4, R10), and what the machine asks of them (X3).
#include "machine_fixture.h"

namespace bearerkit::test {
namespace {

class SessionFaultyStorage : public SignedIn {
 protected:
  int warnings(Warning warning) const {
    int found = 0;
    for (const Emitted& emitted : world.events) {
      found += emitted.kind == EffectKind::warning &&
                       emitted.value == static_cast<std::uint32_t>(warning)
                   ? 1
                   : 0;
    }
    return found;
  }
};

TEST_F(SessionFaultyStorage, S2_WhatCannotBeReadCountsAsUnchanged) {
  world.storage_fails = true;
  world.answer(id, 401);
  ASSERT_EQ(world.refreshes.size(), 1u);
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_EQ(world.outcome[id], EffectKind::retry);
  world.request(0, RequestKind::refresh);
  EXPECT_EQ(world.refreshes.back().token, "r2");  // the new one is in memory, and not lost
  world.tokens(R"({"error":"invalid_grant"})", 400);
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::refresh_rejected);
}

TEST_F(SessionFaultyStorage, S2_WhatCannotBeReadEndsNoSession) {
  world.storage_fails = true;
  world.wake();
  world.pass(kSecond);
  EXPECT_TRUE(world.machine.signed_in());
}

TEST_F(SessionFaultyStorage, S2_TheAppIsWarned) {
  world.machine.handle(world.now, inputs::of(InputKind::storage_unavailable));
  world.drain();
  EXPECT_EQ(warnings(Warning::storage_unavailable), 1);
  EXPECT_TRUE(world.machine.signed_in());
}

TEST_F(SessionFaultyStorage, R10_AStorageThatHangsBeforeTheRefreshIsWaitedForAndNoLonger) {
  world.storage_answers = false;
  world.answer(id, 401);
  world.pass(5 * kSecond - 1);
  EXPECT_TRUE(world.refreshes.empty());
  world.pass(1);
  EXPECT_EQ(world.refreshes.size(), 1u);
  EXPECT_EQ(warnings(Warning::storage_slow), 1);
}

TEST_F(SessionFaultyStorage, R10_AStorageThatHangsAtTheCommitIsWaitedForAndNoLonger) {
  world.answer(id, 401);
  world.storage_answers = false;
  world.tokens(oauth_tokens("a2", "r2"));
  world.pass(5 * kSecond);  // it is read
  EXPECT_EQ(warnings(Warning::storage_slow), 1);
  EXPECT_FALSE(world.outcome.contains(id));
  world.pass(5 * kSecond);  // and written
  EXPECT_EQ(warnings(Warning::storage_slow), 2);
  EXPECT_EQ(world.outcome[id], EffectKind::retry);
  EXPECT_EQ(world.machine.access_token(), "a2");
  EXPECT_EQ(world.locks_held, 0);
}

TEST_F(SessionFaultyStorage, R10_AStorageThatHangsWhenTheServerRefusesIsWaitedForAndNoLonger) {
  world.answer(id, 401);
  world.storage_answers = false;
  world.tokens(R"({"error":"invalid_grant"})", 400);
  EXPECT_TRUE(world.machine.signed_in());
  world.pass(5 * kSecond);
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::refresh_rejected);
  EXPECT_EQ(world.outcome[id], EffectKind::deliver);
}

TEST_F(SessionFaultyStorage, R10_X3_AStorageThatHangsAtASignInKeepsItFromNobody) {
  world.storage_answers = false;
  world.sign_in(oauth_tokens("b1", "s1"));
  const std::size_t before = world.messages.size();
  world.request();
  EXPECT_EQ(world.last & 0xff, go | with_token | tracked);
  world.pass(5 * kSecond);
  ASSERT_EQ(world.messages.size(), before + 1);
  EXPECT_TRUE(world.messages.back().starts_with("bearerkit 1 signed_in "));
}

TEST_F(SessionFaultyStorage, X3_R10_AWriteThatWasNotWaitedForIsToldOfWhenItIsThere) {
  world.answer(id, 401);
  world.storage_answers = false;
  world.tokens(oauth_tokens("a2", "r2"));
  world.pass(5 * kSecond);  // the read
  world.pass(5 * kSecond);  // the write
  EXPECT_EQ(world.outcome[id], EffectKind::retry);
  const Effect write = world.held.back();
  ASSERT_EQ(write.kind, EffectKind::write_storage);
  const std::size_t before = world.messages.size();
  world.storage_answers = true;
  world.reply(write);
  ASSERT_EQ(world.messages.size(), before + 1);
  EXPECT_TRUE(world.messages.back().starts_with("bearerkit 1 changed "));
  world.wake();
  EXPECT_EQ(world.messages.size(), before + 1);
}

TEST_F(SessionFaultyStorage, R10_X2_AMachineThatIsAlwaysSlowIsNotKeptFromItsRefresh) {
  world.storage_answers = false;
  world.answer(id, 401);
  for (int i = 0; i < 2; i++) {  // no timer ran: the tab was frozen, or the machine is that slow
    world.now += 60 * kSecond;
    const Effect reading = world.held.back();
    world.machine.handle(world.now,
                         inputs::storage_read(ReadPurpose::run, reading.read_storage.operation,
                                              ReadOutcome::found, *world.storage));
    world.drain();
  }
  EXPECT_EQ(world.lock_wanted, 2);
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST_F(SessionFaultyStorage, X3_NoCallReadsTheStorage) {
  world.storage_answers = false;
  for (int i = 0; i < 100; i++) world.answer(world.request(), 200);
  EXPECT_TRUE(world.held.empty());
}

TEST_F(SessionFaultyStorage, X3_APageReadsWhenItIsHiddenAndWhenItIsSeenAgain) {
  world.storage_answers = false;
  world.wake(0);
  EXPECT_EQ(world.held.size(), 1u);
  world.wake();
  EXPECT_EQ(world.held.size(), 2u);
}

TEST_F(SessionFaultyStorage, X2_WhatIsReadDuringARefreshIsLeftToItsCommit) {
  world.answer(id, 401);
  world.storage = newer("b2", "s2");
  world.wake();
  EXPECT_EQ(world.machine.access_token(), "a1");
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_EQ(world.machine.access_token(), "b2");
  EXPECT_EQ(world.stored().access_token, "b2");
}

TEST_F(SessionFaultyStorage, R10_AClosedClientTakesNothingUp) {
  world.storage_answers = false;
  world.wake();
  world.storage = newer("b2", "s2");
  world.machine.handle(world.now, inputs::of(InputKind::close));
  world.drain();
  world.storage_answers = true;
  world.reply(world.held.back());
  EXPECT_EQ(world.machine.access_token(), "a1");
}

TEST_F(SessionFaultyStorage, X1_ANewerTokenInsideItsLeewayIsAdopted) {
  Settings config = with_mode(Mode::bearer);
  config.leeway = 60 * kSecond;
  World tab(config);
  tab.start();
  tab.sign_in();
  const std::uint32_t call = tab.request();
  tab.storage = record_of(tab.stored().session, 2, "a2", "r2", tab.now - kSecond);
  tab.answer(call, 401);
  EXPECT_TRUE(tab.refreshes.empty());
  EXPECT_EQ(tab.outcome[call], EffectKind::retry);
}

TEST_F(SessionFaultyStorage, E6_AnAdoptedTokenIsNotTheOneThatWasRefused) {
  world.answer(world.request(one_shot_body), 401);  // refused, and nobody waits
  world.storage = newer("a2", "r2");
  world.wake();
  world.request();
  EXPECT_EQ(world.last & 0xff, go | with_token | tracked);
}

TEST(SessionNoRecord, C1_S4_WithoutARecordNothingIsMissed) {
  World world(with_mode(Mode::cookie));
  world.start();
  world.wake();
  world.pass(kSecond);
  world.answer(world.request(), 401);
  EXPECT_EQ(world.refreshes.size(), 1u);
}

}  // namespace
}  // namespace bearerkit::test
