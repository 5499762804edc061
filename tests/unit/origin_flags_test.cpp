// B1, B9, B10: where a request goes, in the words of a request.
#include "machine/origin_flags.h"

#include <gtest/gtest.h>

namespace bearerkit {
namespace {

class OriginFlags : public ::testing::Test {
 protected:
  OriginList origins;
  void SetUp() override {
    origins.set_own("https://app.example.com");
    ASSERT_TRUE(origins.add("https://api.example.com").code == ErrorCode::none);
  }
};

TEST_F(OriginFlags, B1_B9_OwnAndListedOrigins) {
  EXPECT_EQ(origin_flags(origins, "https://app.example.com"), own_origin);
  EXPECT_EQ(origin_flags(origins, "https://api.example.com"), 0u);
}

TEST_F(OriginFlags, B2_B10_AForeignOriginHasANumberOfItsOwn) {
  const std::uint32_t one = origin_flags(origins, "https://one.example.com");
  const std::uint32_t two = origin_flags(origins, "https://two.example.com");
  for (const std::uint32_t flags : {one, two}) {
    EXPECT_EQ(flags & 0xffff, foreign_origin);
    EXPECT_NE(flags >> kOriginNumberShift, 0u);
  }
  EXPECT_NE(one, two);
  EXPECT_EQ(one, origin_flags(origins, "https://one.example.com"));
}

TEST_F(OriginFlags, B10_WhatIsNoWebOriginHasNone) {
  for (const char* origin : {"", "null", "file://", "data:x", "https://"}) {
    EXPECT_EQ(origin_flags(origins, origin), foreign_origin) << origin;
  }
}

}  // namespace
}  // namespace bearerkit
