// Whose turn it is to refresh, and what another tab's turn brings: X1 and X2.
#include "machine_fixture.h"

namespace bearerkit::test {
namespace {

class SessionTurn : public SignedIn {};

TEST_F(SessionTurn, X1_InsideTheLockANewerGenerationIsAdoptedWithoutARequest) {
  world.lock_is_free = false;
  world.answer(id, 401);
  world.storage = newer("a2", "r2");
  world.machine.handle(world.now, inputs::lock_granted(world.held.back().acquire_lock.run));
  world.drain();
  EXPECT_TRUE(world.refreshes.empty());
  EXPECT_EQ(world.outcome[id], EffectKind::retry);
  EXPECT_EQ(world.machine.access_token(), "a2");
  EXPECT_EQ(world.locks_held, 0);
}

TEST_F(SessionTurn, X1_ToldOfTheRefreshItWaitsForATabAdoptsWithoutTheLock) {
  world.lock_is_free = false;
  world.answer(id, 401);
  world.storage = newer("a2", "r2");
  world.wake();
  EXPECT_EQ(world.outcome[id], EffectKind::retry);
  EXPECT_EQ(world.machine.access_token(), "a2");
  world.machine.handle(world.now, inputs::lock_granted(world.held.back().acquire_lock.run));
  world.drain();
  EXPECT_TRUE(world.refreshes.empty());
  EXPECT_EQ(world.locks_held, 0);
}

TEST_F(SessionTurn, X1_ARefreshThatHasExpiredAgainOrIsNoneEndsNoWait) {
  world.lock_is_free = false;
  world.answer(id, 401);
  world.wake();
  EXPECT_EQ(world.outcome.count(id), 0u);
  const Record record = world.stored();
  world.storage = record_of(record.session, 2, "a2", "r2", world.now - 1);
  world.wake();
  EXPECT_EQ(world.outcome.count(id), 0u);
  world.machine.handle(world.now, inputs::lock_granted(world.held.back().acquire_lock.run));
  world.drain();
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST(SessionSettling, X1_AWriteThatIsToldOfIsAdoptedAtOnce) {
  Settings config = with_mode(Mode::bearer);
  config.write_lag = 50;
  World world(config);
  world.marks = std::nullopt;
  world.start();
  world.sign_in();
  const std::uint32_t id = world.request();
  world.answer(id, 401);
  const Record record = world.stored();
  world.storage = record_of(record.session, 2, "a2", "r2");
  world.wake(false);
  EXPECT_EQ(world.outcome[id], EffectKind::retry);
  EXPECT_EQ(world.locks_held, 0);
  world.pass(50);
  EXPECT_TRUE(world.refreshes.empty());
}

TEST(SessionSettling, X1_AWriteThatComesAfterItsLockIsWaitedForAndAdopted) {
  Settings config = with_mode(Mode::bearer);
  config.write_lag = 50;
  World world(config);
  world.marks = std::nullopt;
  world.start();
  world.sign_in();
  const std::uint32_t id = world.request();
  world.answer(id, 401);
  world.pass(49);
  EXPECT_TRUE(world.refreshes.empty());
  const Record record = world.stored();
  world.storage = record_of(record.session, 2, "a2", "r2");
  world.pass(1);
  EXPECT_TRUE(world.refreshes.empty());
  EXPECT_EQ(world.outcome[id], EffectKind::retry);
  EXPECT_EQ(world.machine.access_token(), "a2");
  EXPECT_EQ(world.locks_held, 0);
}

TEST(SessionSettling, X1_WhereNothingComesTheTokenIsRedeemedOnce) {
  Settings config = with_mode(Mode::bearer);
  config.write_lag = 50;
  World world(config);
  world.marks = std::nullopt;
  world.start();
  world.sign_in();
  const std::uint32_t id = world.request();
  world.answer(id, 401);
  world.pass(50);
  ASSERT_EQ(world.refreshes.size(), 1u);
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_EQ(world.outcome[id], EffectKind::retry);
  // The next one settles as well.
  const std::uint32_t next = world.request();
  world.answer(next, 401);
  EXPECT_EQ(world.refreshes.size(), 1u);
  world.pass(50);
  EXPECT_EQ(world.refreshes.size(), 2u);
}

TEST(SessionSettling, X2_ATabThatFrozeWhileItWaitedAsksForTheLockAgain) {
  Settings config = with_mode(Mode::bearer);
  config.write_lag = 50;
  World world(config);
  world.marks = std::nullopt;
  world.start();
  world.sign_in();
  world.answer(world.request(), 401);
  world.lock_is_free = false;
  world.pass(60 * kSecond);
  EXPECT_TRUE(world.refreshes.empty());
  EXPECT_EQ(world.lock_wanted, 2);
}

TEST_F(SessionTurn, X1_ANewerGenerationThatHasExpiredTooIsRefreshedFromThere) {
  world.lock_is_free = false;
  world.answer(id, 401);
  const Record record = world.stored();
  world.storage = record_of(record.session, 2, "a2", "r2", world.now - 1);
  world.machine.handle(world.now, inputs::lock_granted(world.held.back().acquire_lock.run));
  world.drain();
  ASSERT_EQ(world.refreshes.size(), 1u);
  EXPECT_EQ(world.refreshes[0].token, "r2");
  world.tokens(oauth_tokens("a3", "r3"));
  EXPECT_EQ(world.stored().generation, 3u);
}

TEST_F(SessionTurn, X2_TheWaitForTheLockIsBounded) {
  world.lock_is_free = false;
  world.answer(id, 401);
  world.pass(15 * kSecond);
  EXPECT_EQ(world.steals, 1);
  EXPECT_EQ(world.count(EffectKind::warning), 1);
  world.pass(5 * kSecond);  // not even stealing helps
  EXPECT_EQ(world.refreshes.size(), 1u);
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_EQ(world.outcome[id], EffectKind::retry);
}

TEST_F(SessionTurn, X2_ALockThatComesTooLateIsGivenBack) {
  world.lock_is_free = false;
  world.answer(id, 401);
  world.sign_out();
  world.machine.handle(world.now, inputs::lock_granted(world.held.back().acquire_lock.run));
  world.drain();
  EXPECT_EQ(world.locks_held, 0);
}

TEST_F(SessionTurn, X2_AStaleResultIsNotCommitted) {
  world.answer(id, 401);
  world.storage = newer("b2", "s2");  // the lock was lost, and another tab refreshed
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_EQ(world.stored().access_token, "b2");
  EXPECT_EQ(world.machine.access_token(), "b2");
  EXPECT_TRUE(world.revoked.empty());  // the same family
}

TEST_F(SessionTurn, X2_ALockGrantedToAFrozenTabIsAskedForAgain) {
  world.lock_is_free = false;
  world.answer(id, 401);
  const RunId granted = world.held.back().acquire_lock.run;
  world.now += 60 * kSecond;  // no timer ran
  world.machine.handle(world.now, inputs::lock_granted(granted));
  world.drain();
  EXPECT_TRUE(world.refreshes.empty());
  ASSERT_EQ(world.lock_wanted, 2);
  world.machine.handle(world.now, inputs::lock_granted(world.held.back().acquire_lock.run));
  world.drain();
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST_F(SessionTurn, X2_ARecordReadForAFrozenTabIsReadAgainUnderTheLock) {
  world.storage_answers = false;
  world.answer(id, 401);
  const std::string before = *world.storage;
  const OperationId reading = world.held.back().read_storage.operation;
  world.now += 60 * kSecond;
  world.machine.handle(world.now,
                       inputs::storage_read(ReadPurpose::run, reading, ReadOutcome::found, before));
  world.drain();
  EXPECT_TRUE(world.refreshes.empty());
  EXPECT_EQ(world.lock_wanted, 2);
}

}  // namespace
}  // namespace bearerkit::test
