// The one kind of text that the core owns.
#include "formats/text.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace bearerkit {
namespace {

TEST(TextTest, NoneIsEmpty) {
  const Text none;
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(none.view(), "");
  EXPECT_TRUE(none == "");
  EXPECT_TRUE(Text("").empty());
  EXPECT_FALSE(Text("a").empty());
  EXPECT_EQ(Text("a").view(), "a");
}

TEST(TextTest, ItKeepsATextOfItsOwn) {
  std::string text = "token";
  const Text token(text);
  text = "other";
  EXPECT_TRUE(token == "token");
  EXPECT_FALSE(token == "other");
  EXPECT_EQ(Text(std::string_view("a\0b", 3)).view().size(), 3u);
}

TEST(TextTest, ACopySharesTheText) {
  const std::vector<Text> copies(3, Text("token"));
  EXPECT_EQ(copies[0].view().data(), copies[2].view().data());
  const std::vector<Text> of_none(3, Text());
  EXPECT_TRUE(of_none[2].empty());
}

TEST(TextTest, ItLivesAsLongAsSomebodyHoldsIt) {
  std::vector<Text> copies;
  {
    const Text token("token");
    for (int i = 0; i < 1000; i++) copies.push_back(token);
  }
  while (copies.size() > 1) copies.pop_back();
  EXPECT_EQ(copies[0].view(), "token");
}

TEST(TextTest, WhatIsAddedStandsBehindTheRest) {
  Text text("a");
  for (int i = 0; i < 100; i++) (text += 'b') += "cd";
  EXPECT_EQ(text.size(), 301u);
  EXPECT_EQ(text.view().substr(0, 7), "abcdbcd");
  text += "";
  EXPECT_EQ(text.size(), 301u);
}

TEST(TextTest, WhatIsAddedToACopyIsNotInTheOther) {
  Text text("one");
  text += " two";  // there is room for more now
  Text copy = text;
  copy += '!';
  EXPECT_EQ(text, "one two");
  EXPECT_EQ(copy, "one two!");
  Text none;
  Text other = none;
  other += "some";
  EXPECT_TRUE(none.empty());
}

TEST(TextTest, AnotherSizeKeepsWhatWasThere) {
  Text text("token");
  text.resize(8)[7] = '!';
  EXPECT_EQ(text.size(), 8u);
  EXPECT_TRUE(text.view().starts_with("token"));
  EXPECT_TRUE(text.view().ends_with('!'));
  text.resize(2);
  EXPECT_EQ(text, "to");
  text.resize(0);
  EXPECT_TRUE(text.empty());
  EXPECT_EQ(text, "");
}

TEST(TextTest, WhatIsReplacedIsLetGo) {
  Text token("first");
  const Text first = token;
  token = Text("second");
  EXPECT_EQ(token.view(), "second");
  EXPECT_EQ(first.view(), "first");
  token = first;
  EXPECT_EQ(token.view().data(), first.view().data());
  token = Text();
  EXPECT_TRUE(token.empty());
  EXPECT_EQ(first.view(), "first");
}

TEST(TextTest, ItMayBeGivenToItself) {
  Text token("token");
  const Text& same = token;
  token = same;
  EXPECT_EQ(token.view(), "token");
}

}  // namespace
}  // namespace bearerkit
