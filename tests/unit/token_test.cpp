// A token's text, which is shared and never changes.
#include "machine/token.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace bearerkit {
namespace {

TEST(TokenTest, NoTextIsNoToken) {
  const Token none;
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(none.text(), "");
  EXPECT_TRUE(none == "");
  EXPECT_TRUE(Token("").empty());
  EXPECT_FALSE(Token("a").empty());
  EXPECT_EQ(Token("a").text(), "a");
}

TEST(TokenTest, ItKeepsATextOfItsOwn) {
  std::string text = "token";
  const Token token(text);
  text = "other";
  EXPECT_TRUE(token == "token");
  EXPECT_FALSE(token == "other");
  EXPECT_EQ(Token(std::string_view("a\0b", 3)).text().size(), 3u);
}

TEST(TokenTest, ACopySharesTheText) {
  const std::vector<Token> copies(3, Token("token"));
  EXPECT_EQ(copies[0].text().data(), copies[2].text().data());
  const std::vector<Token> of_none(3, Token());
  EXPECT_TRUE(of_none[2].empty());
}

TEST(TokenTest, ItLivesAsLongAsSomebodyHoldsIt) {
  std::vector<Token> copies;
  {
    const Token token("token");
    for (int i = 0; i < 1000; i++) copies.push_back(token);
  }
  while (copies.size() > 1) copies.pop_back();
  EXPECT_EQ(copies[0].text(), "token");
}

TEST(TokenTest, AMoveLeavesNone) {
  Token token("token");
  Token moved = std::move(token);
  EXPECT_TRUE(token.empty());  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(moved.text(), "token");
  token = std::move(moved);
  EXPECT_EQ(token.text(), "token");
  EXPECT_TRUE(moved.empty());  // NOLINT(bugprone-use-after-move)
}

TEST(TokenTest, WhatIsReplacedIsLetGo) {
  Token token("first");
  const Token first = token;
  token = Token("second");
  EXPECT_EQ(token.text(), "second");
  EXPECT_EQ(first.text(), "first");
  token = first;
  EXPECT_EQ(token.text().data(), first.text().data());
  token = Token();
  EXPECT_TRUE(token.empty());
  EXPECT_EQ(first.text(), "first");
}

TEST(TokenTest, ItMayBeGivenToItself) {
  Token token("token");
  const Token& same = token;
  token = same;
  EXPECT_EQ(token.text(), "token");
}

}  // namespace
}  // namespace bearerkit
