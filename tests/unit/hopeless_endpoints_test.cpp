// R14: the endpoints that refuse even a fresh token.
#include "machine/hopeless_endpoints.h"

#include <gtest/gtest.h>

namespace bearerkit {
namespace {

TEST(HopelessEndpoints, R14_WhatWasAddedIsKnownUntilItIsRemoved) {
  HopelessEndpoints known;
  EXPECT_TRUE(known.empty());
  known.add(7);
  known.add(7);
  EXPECT_TRUE(known.has(7) && !known.has(8) && !known.empty());
  known.remove(8);
  EXPECT_TRUE(known.has(7));
  known.remove(7);
  EXPECT_TRUE(!known.has(7) && known.empty());
}

TEST(HopelessEndpoints, R14_ZeroIsNone) {
  HopelessEndpoints known;
  known.add(0);
  EXPECT_TRUE(known.empty() && !known.has(0));
  known.remove(0);
  EXPECT_TRUE(known.empty());
}

TEST(HopelessEndpoints, R14_TheOldestMakesRoom) {
  HopelessEndpoints known;
  for (std::uint32_t endpoint = 1; endpoint <= 17; endpoint++) known.add(endpoint);
  EXPECT_TRUE(!known.has(1) && known.has(2) && known.has(17));
  for (std::uint32_t endpoint = 1; endpoint <= 17; endpoint++) known.remove(endpoint);
  EXPECT_TRUE(known.empty());
}

TEST(HopelessEndpoints, R14_AllAreForgottenAtOnce) {
  HopelessEndpoints known;
  known.add(7);
  known.clear();
  EXPECT_TRUE(known.empty() && !known.has(7));
}

}  // namespace
}  // namespace bearerkit
