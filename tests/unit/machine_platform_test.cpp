// R13: whatever the platform throws, nothing stops; and each token goes where it belongs.
#include <limits>

#include "machine_fixture.h"

namespace bearerkit::test {
namespace {

class MachinePlatform : public SignedIn {
 protected:
  void fails(EffectKind kind, std::uint32_t effect_id) {
    world.tell(inputs::effect_failed(kind, effect_id));
  }
  bool warned() const {
    for (const Emitted& emitted : world.events) {
      if (emitted.kind == EffectKind::warning &&
          emitted.value == static_cast<std::uint32_t>(Warning::platform_failed)) {
        return true;
      }
    }
    return false;
  }
};

TEST_F(MachinePlatform, R13_ALockThatThrowsIsNoLock) {
  world.lock_is_free = false;
  world.answer(id, 401);
  fails(EffectKind::acquire_lock, world.held.back().acquire_lock.run);
  EXPECT_TRUE(warned());
  world.pass(kSecond);  // the lease takes its pauses
  ASSERT_EQ(world.refreshes.size(), 1u);
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_EQ(world.outcome[id], EffectKind::retry);
}

TEST_F(MachinePlatform, R13_AReadThatThrowsIsOneThatFoundNothing) {
  world.storage_answers = false;
  world.answer(id, 401);
  fails(EffectKind::read_storage, world.held.back().read_storage.operation);
  ASSERT_EQ(world.refreshes.size(), 1u);
  EXPECT_TRUE(warned());
}

TEST_F(MachinePlatform, R13_AWriteThatThrowsHoldsNobodyUp) {
  world.answer(id, 401);
  world.storage_answers = false;
  world.tokens(oauth_tokens("a2", "r2"));
  fails(EffectKind::read_storage, world.held.back().read_storage.operation);
  fails(EffectKind::write_storage, world.held.back().write_storage.operation);
  EXPECT_EQ(world.outcome[id], EffectKind::retry);
  EXPECT_EQ(world.sent_with[id], "a2");
}

TEST_F(MachinePlatform, R13_ARefreshThatThrowsFailsForTheMoment) {
  world.answer(id, 401);
  fails(EffectKind::refresh, world.refreshes.back().run);
  EXPECT_EQ(world.outcome[id], EffectKind::deliver);
  EXPECT_TRUE(world.machine.signed_in());
  EXPECT_EQ(world.count(EffectKind::refreshfailed), 1);
}

TEST_F(MachinePlatform, R13_ARetryThatThrowsIsForgotten) {
  world.answer(id, 401);
  world.tokens(oauth_tokens("a2", "r2"));
  fails(EffectKind::retry, id);
  EXPECT_TRUE(world.answer(id, 401));  // the id is void
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST_F(MachinePlatform, R13_WhatIsUnknownOrOutOfDateChangesNothing) {
  world.lock_is_free = false;
  world.answer(id, 401);
  for (std::uint32_t kind = 0; kind < 40; kind++) {
    fails(static_cast<EffectKind>(kind), 0);
    fails(static_cast<EffectKind>(kind), 0xfffffff0);
  }
  EXPECT_TRUE(world.machine.signed_in());
  EXPECT_TRUE(world.refreshes.empty());
  EXPECT_EQ(world.outcome.count(id), 0u);
}

TEST_F(MachinePlatform, R13_AClockThatGivesNoTimeIsTakenToStandStill) {
  for (const Milliseconds nonsense :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
        -std::numeric_limits<double>::infinity()}) {
    world.machine.handle(nonsense, inputs::of(InputKind::timeout));
    world.drain();
  }
  EXPECT_EQ(world.machine.handle_request(world.now, RequestKind::fetch, 0) & go, go);
  EXPECT_TRUE(world.machine.signed_in());
}

TEST_F(MachinePlatform, R13_AnInputMayComeBeforeTheLastOnesEffectsAreTaken) {
  world.machine.handle_response(world.now, id, 401, {}, true);
  world.machine.handle(world.now, inputs::wake(page_visible));
  world.machine.handle_request(world.now, RequestKind::token, 0);
  world.drain();
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_EQ(world.outcome[id], EffectKind::retry);
  EXPECT_EQ(world.refreshes.size(), 1u);
}

// ---- the token that goes with an effect -----------------------------------------------------

TEST_F(MachinePlatform, L2_AnOvertakenAnswerIsRevokedWithItsOwnAccessToken) {
  world.answer(id, 401);
  const RunId run = world.refreshes.back().run;
  world.sign_in(oauth_tokens("b1", "s1"));
  world.answer_refresh(run, {200, oauth_tokens("a2", "r2"), {}, {}, {}});
  ASSERT_EQ(world.revoked.size(), 1u);
  EXPECT_EQ(world.revoked.back(), "r2");
  EXPECT_EQ(world.revoked_with.back(), "a2");
}

TEST_F(MachinePlatform, L2_AnOvertakenAnswerThatTheNewSessionBeganWithIsNotRevoked) {
  world.answer(id, 401);
  const RunId run = world.refreshes.back().run;
  world.sign_in(oauth_tokens("a2", "r2"));
  world.answer_refresh(run, {200, oauth_tokens("a2", "r2"), {}, {}, {}});
  EXPECT_TRUE(world.revoked.empty());
}

TEST_F(MachinePlatform, L2_AnAnswerThatWaitsToBeStoredIsNotRevokedIfTheNewSessionBeganWithIt) {
  world.answer(id, 401);
  world.storage_answers = false;
  world.tokens(oauth_tokens("a2", "r2"));
  world.sign_in(oauth_tokens("a2", "r2"));
  EXPECT_TRUE(world.revoked.empty());
}

TEST_F(MachinePlatform, L2_AnAnswerThatWaitsToBeStoredIsRevokedWithItsOwnAccessToken) {
  world.answer(id, 401);
  world.storage_answers = false;
  world.tokens(oauth_tokens("a2", "r2"));
  world.sign_in(oauth_tokens("b1", "s1"));
  ASSERT_EQ(world.revoked.size(), 1u);
  EXPECT_EQ(world.revoked.back(), "r2");
  EXPECT_EQ(world.revoked_with.back(), "a2");
}

TEST_F(MachinePlatform, L1_ASignOutIsToldWithTheAccessTokenThatItEnds) {
  world.sign_out();
  EXPECT_EQ(world.revoked.back(), "r1");
  EXPECT_EQ(world.revoked_with.back(), "a1");
}

TEST_F(MachinePlatform, L2_ARetryThatIsQueuedKeepsItsUsersToken) {
  world.answer(id, 401);
  world.storage_answers = false;
  world.tokens(oauth_tokens("a2", "r2"));
  const Effect read = world.held.back();
  world.machine.handle(world.now,
                       inputs::storage_read(ReadPurpose::run, read.read_storage.operation,
                                            ReadOutcome::found, *world.storage));
  world.drain();
  const OperationId write = world.held.back().write_storage.operation;
  world.machine.handle(world.now, inputs::storage_written(write));
  // The retry is in the queue when another user signs in.
  world.machine.handle(world.now, inputs::sign_in(oauth_tokens("b1", "s1")));
  world.drain();
  EXPECT_EQ(world.outcome[id], EffectKind::retry);
  EXPECT_EQ(world.sent_with[id], "a2");
}

// ---- how a call ends ------------------------------------------------------------------------

TEST_F(MachinePlatform, R8_ACallThatFailsSaysWhenTheNextTryIsAllowed) {
  const RequestId call = world.request(0, RequestKind::refresh);
  world.answer_refresh({503, {}, "20", {}, Override::none});
  EXPECT_EQ(world.finished[call], ErrorCode::refresh_failed);
  EXPECT_EQ(world.finishes[call].retry_at, world.now + 20 * kSecond);
  EXPECT_EQ(world.finishes[call].reason, SignOutReason::none);
}

TEST_F(MachinePlatform, L3_ACallThatASessionsEndRejectsSaysWhyItEnded) {
  const RequestId call = world.request(0, RequestKind::refresh);
  world.tokens(R"({"error":"invalid_grant"})", 400);
  EXPECT_EQ(world.finished[call], ErrorCode::refresh_rejected);
  EXPECT_EQ(world.finishes[call].reason, SignOutReason::refresh_rejected);
  EXPECT_EQ(world.finishes[call].retry_at, kNever);
  const RequestId later = world.request(0, RequestKind::refresh);
  EXPECT_EQ(world.finished[later], ErrorCode::signed_out);
  EXPECT_EQ(world.finishes[later].reason, SignOutReason::refresh_rejected);
}

// ---- E6 in backoff --------------------------------------------------------------------------

TEST_F(MachinePlatform, E6_AfterA401InBackoffAStreamWaitsForTheRefresh) {
  World w(with_mode(Mode::bearer));
  w.start();
  w.sign_in(oauth_tokens("a1", "r1", 1'000'000));
  const RequestId first = w.request();
  for (int i = 0; i < 6; i++) {  // more than it tries again by itself (R8)
    w.request(0, RequestKind::refresh);
    w.answer_refresh({503, {}, "60", {}, Override::none});
  }
  w.answer(first, 401);
  w.now += 61 * kSecond;
  const RequestId stream = w.request(one_shot_body);
  EXPECT_EQ(w.last & go, 0u) << "it was sent with a token that the server has refused";
  w.tokens(oauth_tokens("a2", "r2"));
  EXPECT_EQ(w.sent_with[stream], "a2");
}

}  // namespace
}  // namespace bearerkit::test
