// The module's allocator, over memory of the test's own.
#include "../../bindings/free_lists.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "core_test.h"

namespace bearerkit::abi {
namespace {

// Counts what is taken; gives nothing beyond a limit.
struct Arena {
  std::vector<std::unique_ptr<std::uint64_t[]>>* blocks;
  std::size_t* taken;
  std::size_t limit = std::size_t{1} << 24;

  char* take(std::size_t size) {
    if (*taken + size > limit) return nullptr;
    *taken += size;
    blocks->push_back(std::make_unique<std::uint64_t[]>((size + 15) / 8));
    auto* const start = reinterpret_cast<char*>(blocks->back().get());
    return start + (16 - reinterpret_cast<std::uintptr_t>(start) % 16) % 16;
  }
};

class FreeListsTest : public ::testing::Test {
 protected:
  std::vector<std::unique_ptr<std::uint64_t[]>> blocks;
  std::size_t taken = 0;
  FreeLists<Arena> lists{Arena{&blocks, &taken}};
};

TEST_F(FreeListsTest, BlocksAreAlignedAndHoldWhatWasAskedFor) {
  for (std::size_t size = 0; size < 5000; size += 7) {
    void* const block = lists.allocate(size);
    ASSERT_NE(block, nullptr);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % 16, 0u);
    std::memset(block, 0xff, size);  // AddressSanitizer watches
  }
}

TEST_F(FreeListsTest, WhatIsFreedIsTakenAgainAndMemoryStaysFlat) {
  std::size_t after_first = 0;
  for (int round = 0; round < 100; round++) {
    std::vector<void*> live;
    for (std::size_t size = 1; size < 3000; size += 100) live.push_back(lists.allocate(size));
    for (void* const block : live) lists.release(block);
    if (round == 0) after_first = taken;
  }
  EXPECT_EQ(taken, after_first);
}

TEST_F(FreeListsTest, D10_AFreedBlockIsWiped) {
  auto* const block = static_cast<unsigned char*>(lists.allocate(40));
  std::memset(block, 0xaa, 40);
  lists.release(block);
  const auto* const again = static_cast<unsigned char*>(lists.allocate(40));
  ASSERT_EQ(again, block);
  EXPECT_TRUE(std::all_of(again, again + 40, [](unsigned char byte) { return byte == 0; }));
}

TEST_F(FreeListsTest, D6_NoMemoryIsNoBlock) {
  EXPECT_EQ(lists.allocate(std::size_t{1} << 25), nullptr);
  EXPECT_EQ(lists.allocate(SIZE_MAX), nullptr);
  EXPECT_NE(lists.allocate(100), nullptr);
  lists.release(nullptr);
}

TEST_F(FreeListsTest, BlocksNeverOverlap) {
  test::Random random(3);
  struct Live {
    unsigned char* block;
    std::size_t size;
    unsigned char mark;
  };
  std::vector<Live> live;
  for (int i = 0; i < 20000; i++) {
    if (live.size() > 50 || (!live.empty() && random.below(2) == 0)) {
      const std::size_t at = random.below(live.size());
      const Live gone = live[at];
      EXPECT_TRUE(std::all_of(gone.block, gone.block + gone.size,
                              [&gone](unsigned char byte) { return byte == gone.mark; }));
      lists.release(gone.block);
      live[at] = live.back();
      live.pop_back();
    } else {
      const std::size_t size = random.below(2000);
      auto* const block = static_cast<unsigned char*>(lists.allocate(size));
      ASSERT_NE(block, nullptr);
      const auto mark = static_cast<unsigned char>(i);
      std::memset(block, mark, size);
      live.push_back({block, size, mark});
    }
  }
}

}  // namespace
}  // namespace bearerkit::abi
