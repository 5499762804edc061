// D2: base64url, strictly (RFC 4648 §5, RFC 7515 §2 and appendix C).
#include "formats/base64url.h"

#include "core_test.h"

namespace bearerkit {
namespace {

using test::base64url_encode;
using test::Random;

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

Result<std::string> decode(std::string_view text) {
  std::string out(base64url_decoded_size(text.size()), '\0');
  const Result<std::size_t> size = base64url_decode(text, out.data());
  if (!size) return size.error();
  EXPECT_LE(*size, out.size());
  out.resize(*size);
  return out;
}

Error invalid_at(std::size_t offset) {
  return Error{ErrorCode::invalid_base64url, TokenPart::none, static_cast<std::uint32_t>(offset)};
}

void expect_decodes(std::string_view text, std::string_view bytes) {
  const Result<std::string> result = decode(text);
  EXPECT_EQ(result.error(), Error{}) << text;
  EXPECT_EQ(*result, bytes) << text;
}

TEST(Base64url, Rfc4648Vectors) {
  expect_decodes("", "");
  expect_decodes("Zg", "f");
  expect_decodes("Zm8", "fo");
  expect_decodes("Zm9v", "foo");
  expect_decodes("Zm9vYg", "foob");
  expect_decodes("Zm9vYmE", "fooba");
  expect_decodes("Zm9vYmFy", "foobar");
}

TEST(Base64url, Rfc7515AppendixC) { expect_decodes("A-z_4ME", "\x03\xec\xff\xe0\xc1"); }

TEST(Base64url, DecodedSizeIsExactForWholeTexts) {
  for (std::size_t n = 0; n < 20; n++) {
    EXPECT_EQ(base64url_decoded_size(base64url_encode(std::string(n, 'x')).size()), n);
  }
}

TEST(Base64url, D2_RejectsPadding) {
  EXPECT_EQ(decode("Zg==").error(), invalid_at(2));
  EXPECT_EQ(decode("Zm8=").error(), invalid_at(3));
  EXPECT_EQ(decode("Zm9v=").error(), invalid_at(4));
  EXPECT_EQ(decode("=").error(), invalid_at(0));
}

TEST(Base64url, D2_RejectsTheStandardAlphabetAndWhiteSpace) {
  EXPECT_EQ(decode("ab+d").error(), invalid_at(2));
  EXPECT_EQ(decode("a/cd").error(), invalid_at(1));
  EXPECT_EQ(decode(" Zm9v").error(), invalid_at(0));
  EXPECT_EQ(decode("Zm9v\n").error(), invalid_at(4));
  EXPECT_EQ(decode("Zm9v\r\nYmFy").error(), invalid_at(4));
  EXPECT_EQ(decode(std::string_view("Zm9v\0mFy", 8)).error(), invalid_at(4));
}

TEST(Base64url, D2_RejectsLengthsOf4nPlus1AtTheLastCharacter) {
  EXPECT_EQ(decode("A").error(), invalid_at(0));
  EXPECT_EQ(decode("Zm9vY").error(), invalid_at(4));
  EXPECT_EQ(decode("Zm9vYmFyA").error(), invalid_at(8));
}

TEST(Base64url, D2_RejectsNonZeroTrailingBits) {
  for (std::size_t i = 0; i < kAlphabet.size(); i++) {
    const std::string two = std::string("Zm9vZ") + kAlphabet[i];
    EXPECT_EQ(decode(two).error(), i % 16 == 0 ? Error{} : invalid_at(5)) << two;
    const std::string three = std::string("Zm9vZm") + kAlphabet[i];
    EXPECT_EQ(decode(three).error(), i % 4 == 0 ? Error{} : invalid_at(6)) << three;
  }
}

TEST(Base64url, D2_NamesTheFirstOffendingCharacter) {
  EXPECT_EQ(decode("Z!9v?").error(), invalid_at(1));
  EXPECT_EQ(decode("Zm9vY?!").error(), invalid_at(5));
  EXPECT_EQ(decode("Zm9v?").error(), invalid_at(4));
  // A bad character comes before trailing bits and before a bad length.
  EXPECT_EQ(decode("?B").error(), invalid_at(0));
  EXPECT_EQ(decode("Zm?vY").error(), invalid_at(2));
}

// Every byte value at every position of a text of every length mod 4.
TEST(Base64url, D2_EveryByteAtEveryPosition) {
  for (const std::size_t length : {2u, 3u, 4u, 6u, 7u, 8u, 10u, 11u, 12u}) {
    for (std::size_t position = 0; position < length; position++) {
      for (int byte = 0; byte < 256; byte++) {
        std::string text(length, 'A');
        text[position] = static_cast<char>(byte);
        const std::size_t index = kAlphabet.find(text[position]);
        const bool last = position + 1 == length;
        const std::size_t step = length % 4 == 2 ? 16 : length % 4 == 3 ? 4 : 1;
        const bool good = index != std::string_view::npos && (!last || index % step == 0);
        EXPECT_EQ(decode(text).error(), good ? Error{} : invalid_at(position))
            << "byte " << byte << " at " << position << " of " << length;
      }
    }
  }
}

TEST(Base64url, RandomRoundTrip) {
  Random random(20260401);
  for (int i = 0; i < 5000; i++) {
    std::string bytes(random.below(200), '\0');
    for (char& byte : bytes) byte = random.byte();
    expect_decodes(base64url_encode(bytes), bytes);
  }
}

// D2's point: no two texts give the same bytes.
TEST(Base64url, D2_WhatDecodesIsTheOnlySpelling) {
  Random random(7);
  int decoded = 0;
  for (int i = 0; i < 200000; i++) {
    std::string text(random.below(8), '\0');
    for (char& c : text) c = kAlphabet[random.below(kAlphabet.size())];
    const Result<std::string> bytes = decode(text);
    if (!bytes) continue;
    decoded++;
    EXPECT_EQ(base64url_encode(*bytes), text);
  }
  EXPECT_GT(decoded, 50000);
}

TEST(Base64url, DecodesInPlace) {
  Random random(3);
  for (std::size_t n = 0; n < 300; n++) {
    std::string bytes(n, '\0');
    for (char& byte : bytes) byte = random.byte();
    std::string buffer = base64url_encode(bytes);
    const Result<std::size_t> size = base64url_decode(buffer, buffer.data());
    ASSERT_TRUE(size);
    EXPECT_EQ(buffer.substr(0, *size), bytes);
  }
}

TEST(Base64url, TellsTheRightOffsetWhenDecodingInPlace) {
  const std::string good = base64url_encode(std::string(90, '\xff'));
  for (std::size_t i = 0; i < good.size(); i++) {
    std::string buffer = good;
    buffer[i] = '*';
    EXPECT_EQ(base64url_decode(buffer, buffer.data()).error(), invalid_at(i));
  }
}

// Under AddressSanitizer: a buffer of just base64url_decoded_size bytes is never overrun.
TEST(Base64url, WritesNoMoreThanTheDecodedSize) {
  for (std::size_t n = 0; n < 64; n++) {
    const std::string text(n, 'A');
    char* const out = new char[base64url_decoded_size(n)];
    EXPECT_EQ(base64url_decode(text, out).ok(), n % 4 != 1);
    delete[] out;
  }
}

TEST(Base64url, DecodesAMebibyte) {
  const std::string bytes(1024 * 1024, '\xa5');
  expect_decodes(base64url_encode(bytes), bytes);
}

}  // namespace
}  // namespace bearerkit
