// The list that grows at its end.
#include "machine/list.h"

#include <gtest/gtest.h>

#include <utility>

#include "formats/text.h"

namespace bearerkit {
namespace {

TEST(ListTest, ItKeepsWhatIsPushedInItsOrder) {
  List<Text> list;
  EXPECT_TRUE(list.empty());
  for (char c = 'a'; c <= 'z'; c++) list.push() += c;
  EXPECT_EQ(list.size(), 26u);
  char expected = 'a';
  for (const Text& text : list) {
    EXPECT_EQ(text, std::string_view(&expected, 1));
    expected++;
  }
  EXPECT_EQ(list[25], "z");
}

TEST(ListTest, ACopyIsOneOfItsOwn) {
  List<Text> list;
  list.push() = Text("one");
  List<Text> copy = list;
  list.clear();
  EXPECT_TRUE(list.empty());
  copy.push() = Text("two");
  EXPECT_EQ(copy.size(), 2u);
  EXPECT_EQ(copy[0], "one");
}

TEST(ListTest, AMoveLeavesNone) {
  List<std::uint32_t> list;
  list.push() = 7;
  List<std::uint32_t> moved = std::move(list);
  EXPECT_TRUE(list.empty());  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(moved[0], 7u);
  list.push() = 8;
  EXPECT_EQ(list[0], 8u);
  EXPECT_EQ(moved.size(), 1u);
}

}  // namespace
}  // namespace bearerkit
