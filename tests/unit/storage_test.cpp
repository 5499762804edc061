// What is on its way to and from the storage.
#include "machine/storage.h"

#include <gtest/gtest.h>

namespace bearerkit {
namespace {

class StorageTest : public ::testing::Test {
 protected:
  Storage storage;
  Effects effects;

  Effect taken() {
    Effect effect;
    EXPECT_TRUE(effects.poll(effect));
    return effect;
  }
  OperationId read(ReadPurpose purpose) {
    storage.read(effects, purpose);
    const Effect effect = taken();
    EXPECT_EQ(effect.kind, EffectKind::read_storage);
    EXPECT_EQ(effect.read_storage.purpose, purpose);
    return effect.read_storage.operation;
  }
  OperationId written(std::string_view text) {
    const Effect effect = taken();
    EXPECT_EQ(effect.kind, EffectKind::write_storage);
    EXPECT_EQ(effect.text, text);
    return effect.write_storage.operation;
  }
};

TEST_F(StorageTest, X2_OnlyTheNewestReadOfAPurposeCounts) {
  const OperationId first = read(ReadPurpose::run);
  EXPECT_TRUE(storage.is_newest(ReadPurpose::run, first));
  const OperationId second = read(ReadPurpose::run);
  EXPECT_FALSE(storage.is_newest(ReadPurpose::run, first));
  EXPECT_TRUE(storage.is_newest(ReadPurpose::run, second));
}

TEST_F(StorageTest, ReadsOfAnotherPurposeDoNotMatter) {
  const ReadPurpose all[] = {ReadPurpose::start, ReadPurpose::peek,   ReadPurpose::run,
                             ReadPurpose::lease, ReadPurpose::flight, ReadPurpose::marks};
  static_assert(std::size(all) == kReadPurposes);
  OperationId reads[kReadPurposes] = {};
  for (std::size_t i = 0; i < kReadPurposes; i++) reads[i] = read(all[i]);
  for (std::size_t i = 0; i < kReadPurposes; i++) {
    for (std::size_t j = 0; j < kReadPurposes; j++) {
      EXPECT_EQ(storage.is_newest(all[i], reads[j]), i == j);
    }
  }
}

TEST_F(StorageTest, AReadThatNeverWasIsNone) {
  EXPECT_FALSE(storage.is_newest(ReadPurpose::run, 0));
  const OperationId operation = read(ReadPurpose::run);
  EXPECT_NE(operation, 0u);
  EXPECT_FALSE(storage.is_newest(ReadPurpose::run, operation + 1));
}

TEST_F(StorageTest, EveryWriteHasItsOwnNumber) {
  storage.write(effects, Text("one"));
  const OperationId of_run = written("one");
  storage.write_sign_in(effects, Text("two"), 5);
  const OperationId of_sign_in = written("two");
  EXPECT_TRUE(storage.is_of_run(of_run));
  EXPECT_FALSE(storage.is_of_run(of_sign_in));
  EXPECT_TRUE(storage.is_of_sign_in(of_sign_in));
  EXPECT_FALSE(storage.is_of_sign_in(of_run));
  EXPECT_FALSE(storage.is_newest(ReadPurpose::peek, of_run));
}

TEST_F(StorageTest, R10_ASignInIsWaitedForUntilItsTime) {
  EXPECT_FALSE(storage.sign_in_pending());
  EXPECT_FALSE(storage.is_of_sign_in(0));
  EXPECT_EQ(storage.sign_in_deadline(), kNever);
  storage.write_sign_in(effects, Text("record"), 5);
  EXPECT_TRUE(storage.sign_in_pending());
  EXPECT_EQ(storage.sign_in_deadline(), 5);
  const OperationId write = written("record");
  storage.end_sign_in();
  EXPECT_FALSE(storage.sign_in_pending());
  EXPECT_FALSE(storage.is_of_sign_in(write));
  EXPECT_FALSE(storage.is_of_sign_in(0));
  EXPECT_EQ(storage.sign_in_deadline(), kNever);
}

TEST_F(StorageTest, L2_ASecondSignInReplacesTheFirst) {
  storage.write_sign_in(effects, Text("one"), 5);
  const OperationId first = written("one");
  storage.write_sign_in(effects, Text("two"), 9);
  EXPECT_FALSE(storage.is_of_sign_in(first));
  EXPECT_TRUE(storage.is_of_sign_in(written("two")));
  EXPECT_EQ(storage.sign_in_deadline(), 9);
}

TEST_F(StorageTest, S4_ADoubtIsNotPutOffByTheNextOne) {
  EXPECT_EQ(storage.cleared_deadline(), kNever);
  storage.doubt_until(5);
  storage.doubt_until(9);
  EXPECT_EQ(storage.cleared_deadline(), 5);
  storage.end_doubt();
  EXPECT_EQ(storage.cleared_deadline(), kNever);
  storage.doubt_until(9);
  EXPECT_EQ(storage.cleared_deadline(), 9);
}

TEST_F(StorageTest, S1_R10_TheFirstReadHasItsTime) {
  EXPECT_EQ(storage.start_deadline(), kNever);
  storage.await_start(5);
  EXPECT_EQ(storage.start_deadline(), 5);
  storage.end_start();
  EXPECT_EQ(storage.start_deadline(), kNever);
}

TEST_F(StorageTest, AnotherSessionWaitsForNothingOfTheLast) {
  storage.await_start(5);
  storage.write_sign_in(effects, Text("record"), 6);
  storage.doubt_until(7);
  storage.forget_waits();
  EXPECT_EQ(storage.start_deadline(), kNever);
  EXPECT_EQ(storage.sign_in_deadline(), kNever);
  EXPECT_FALSE(storage.sign_in_pending());
  EXPECT_EQ(storage.cleared_deadline(), kNever);
}

TEST_F(StorageTest, E5_AllTimesMoveWithTheClock) {
  storage.await_start(50);
  storage.write_sign_in(effects, Text("record"), 60);
  storage.doubt_until(70);
  storage.shift(10);
  EXPECT_EQ(storage.start_deadline(), 40);
  EXPECT_EQ(storage.sign_in_deadline(), 50);
  EXPECT_EQ(storage.cleared_deadline(), 60);
  storage.forget_waits();
  storage.shift(10);
  EXPECT_EQ(storage.cleared_deadline(), kNever);
}

}  // namespace
}  // namespace bearerkit
