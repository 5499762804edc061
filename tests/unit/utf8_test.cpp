// RFC 3629: what is UTF-8, and where it first is not.
#include "formats/utf8.h"

#include "core_test.h"

namespace bearerkit {
namespace {

using test::Random;

// How Unicode defines it, decoded and compared; a second opinion on the table of ranges.
std::size_t find_invalid_slowly(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    const unsigned lead = byte(0);
    const std::size_t length = lead < 0x80              ? 1
                               : (lead & 0xe0u) == 0xc0 ? 2
                               : (lead & 0xf0u) == 0xe0 ? 3
                               : (lead & 0xf8u) == 0xf0 ? 4
                                                        : 0;
    if (length == 0 || at + length > text.size()) return at;
    std::uint32_t point = length == 1 ? lead : lead & (0x7fu >> length);
    for (std::size_t i = 1; i < length; i++) {
      if ((byte(i) & 0xc0u) != 0x80) return at;
      point = point << 6 | (byte(i) & 0x3fu);
    }
    const std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (point < least[length] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) {
      return at;
    }
    at += length;
  }
  return at;
}

TEST(Utf8, D7_TakesWellFormedText) {
  for (const std::string_view text :
       {"", "a", "12345678", "Jos\xc3\xa9 \xf0\x9f\xa6\x8a \xe6\x9d\x8e", "\xc2\x80", "\xdf\xbf",
        "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80",
        "\xf4\x8f\xbf\xbf"}) {
    EXPECT_EQ(find_invalid_utf8(text), text.size()) << text;
  }
  EXPECT_EQ(find_invalid_utf8(std::string_view("a\0b", 3)), 3u);
}

TEST(Utf8, D3_FindsTheFirstIllFormedSequence) {
  for (const std::string_view bad :
       {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x41", "\xe0\x9f\xbf", "\xe2\x82",
        "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf", "\xf0\x9f\xa6", "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80", "\xfe", "\xff"}) {
    // At every alignment to the eight bytes that are looked at together.
    for (std::size_t before = 0; before < 20; before++) {
      for (const std::string_view after : {"", "z", "zzzzzzzzzzzzzzzz"}) {
        const std::string text = std::string(before, 'x') + std::string(bad) + std::string(after);
        EXPECT_EQ(find_invalid_utf8(text), before);
      }
    }
  }
}

// What is behind the end does not complete a sequence.
TEST(Utf8, D3_ABrokenOffSequenceEndsWithTheText) {
  for (const std::string_view whole :
       {"xxxxxxxx\xc2\x80", "xxxxxxxx\xe2\x82\xac", "xxxxxxxx\xf0\x9f\xa6\x8a"}) {
    for (std::size_t size = 9; size < whole.size(); size++) {
      EXPECT_EQ(find_invalid_utf8(whole.substr(0, size)), 8u) << size;
    }
  }
}

TEST(Utf8, EveryPairOfBytes) {
  for (int a = 0; a < 256; a++) {
    for (int b = 0; b < 256; b++) {
      const std::string text = {static_cast<char>(a), static_cast<char>(b), '\x80', '\x80'};
      EXPECT_EQ(find_invalid_utf8(text), find_invalid_slowly(text)) << a << " " << b;
    }
  }
}

TEST(Utf8, RandomBytesAgreeWithTheSlowWay) {
  Random random(11);
  constexpr std::string_view kBytes = "az\x7f\x80\x8f\x90\x9f\xa0\xbf\xc2\xe0\xe1\xed\xf0\xf1\xf4";
  for (int i = 0; i < 100000; i++) {
    std::string text(random.below(24), '\0');
    for (char& c : text) c = kBytes[random.below(kBytes.size())];
    EXPECT_EQ(find_invalid_utf8(text), find_invalid_slowly(text));
  }
}

}  // namespace
}  // namespace bearerkit
