// Lists of words as one text.
#include "formats/words.h"

#include <gtest/gtest.h>

namespace bearerkit {
namespace {

TEST(WordsTest, AWordHasItsPlace) {
  EXPECT_EQ(place_of("one", "one two three"), 0u);
  EXPECT_EQ(place_of("two", "one two three"), 1u);
  EXPECT_EQ(place_of("three", "one two three"), 2u);
  EXPECT_EQ(place_of("three", "one two three "), 2u);
}

TEST(WordsTest, WhatIsNotAWholeWordIsNone) {
  for (const std::string_view none : {"", " ", "on", "wo", "one two", "two ", "threes", "One"}) {
    EXPECT_EQ(place_of(none, "one two three"), kNoWord) << none;
  }
  EXPECT_EQ(place_of(std::string_view("one\0", 4), "one two"), kNoWord);
  EXPECT_EQ(place_of("one", ""), kNoWord);
}

TEST(WordsTest, APlaceHasItsWord) {
  EXPECT_EQ(word_at("one two three", 0), "one");
  EXPECT_EQ(word_at("one two three", 1), "two");
  EXPECT_EQ(word_at("one two three", 2), "three");
}

}  // namespace
}  // namespace bearerkit
