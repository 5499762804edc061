// X11: the marks of the tabs.
#include "machine/mark.h"

#include <gtest/gtest.h>

#include <string>

namespace bearerkit {
namespace {

TEST(MarkTest, X11_WhatIsWrittenIsReadAsItWas) {
  for (const Mark& mark :
       {Mark{1, 2, 3}, Mark{~std::uint64_t{0}, 0xffffffff, 1.7e12}, Mark{7, 0, kNever}}) {
    const std::string text = write_mark(mark);
    EXPECT_EQ(text.size(), 48u);
    std::string_view left = text;
    Mark read;
    ASSERT_TRUE(take_mark(left, read));
    EXPECT_EQ(read.session, mark.session);
    EXPECT_EQ(read.generation, mark.generation);
    EXPECT_EQ(read.deadline, mark.deadline);
    EXPECT_FALSE(take_mark(left, read));
  }
}

TEST(MarkTest, X11_OneAfterTheOther) {
  const std::string text =
      std::string(write_mark({1, 1, 5})) + " " + std::string(write_mark({2, 2, 5})) + " nonsense";
  std::string_view left = text;
  Mark mark;
  ASSERT_TRUE(take_mark(left, mark));
  EXPECT_EQ(mark.session, 1u);
  ASSERT_TRUE(take_mark(left, mark));
  EXPECT_EQ(mark.session, 2u);
  ASSERT_TRUE(take_mark(left, mark));
  EXPECT_EQ(mark.session, 0u) << "what is no mark is of no session";
  EXPECT_FALSE(take_mark(left, mark));
}

}  // namespace
}  // namespace bearerkit
