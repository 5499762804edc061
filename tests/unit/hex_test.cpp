// Session ids as text.
#include "machine/hex.h"

#include "core_test.h"

namespace bearerkit {
namespace {

TEST(Hex, SixteenLowerCaseDigits) {
  EXPECT_EQ(to_hex(0), "0000000000000000");
  EXPECT_EQ(to_hex(0x0123456789abcdef), "0123456789abcdef");
  EXPECT_EQ(to_hex(~std::uint64_t{0}), "ffffffffffffffff");
  EXPECT_EQ(from_hex("0123456789abcdef"), 0x0123456789abcdefu);
  EXPECT_EQ(from_hex("ffffffffffffffff"), ~std::uint64_t{0});
}

TEST(Hex, WhatIsWrittenIsReadAsItWas) {
  test::Random random(3);
  for (int i = 0; i < 10'000; i++) {
    const std::uint64_t value = random.next() >> random.below(64);
    EXPECT_EQ(from_hex(to_hex(value)), value);
  }
}

TEST(Hex, ZeroForAnythingElse) {
  for (const char* text :
       {"", "1", "0000000000000000", "00000000000000001", "000000000000001", "0123456789ABCDEF",
        "0123456789abcdeg", "0123456789abcde ", "0x00000000000001", "-000000000000001",
        "012345678:abcdef", "01234567/9abcdef", "0123456789`bcdef",
        "\xc3\xa9"
        "0123456789abcd"}) {
    EXPECT_EQ(from_hex(text), 0u) << text;
  }
  EXPECT_EQ(from_hex(std::string_view("000000000000001\0", 16)), 0u);
}

}  // namespace
}  // namespace bearerkit
