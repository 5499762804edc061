// E4: timestamps (RFC 3339 §5.6), as servers write them. HTTP-dates are in retry_after_test.cpp.
#include "formats/date_time.h"

#include "core_test.h"

namespace bearerkit {
namespace {

constexpr double kThen = 1795640719;  // 2026-11-25T21:05:19Z

void expect_time(std::string_view text, double seconds) {
  const OptionalSeconds time = read_timestamp(text);
  EXPECT_TRUE(time.has_value()) << text;
  EXPECT_EQ(time.seconds, seconds) << text;
}

TEST(Timestamp, E4_AsServersWriteThem) {
  expect_time("2026-11-25T21:05:19Z", kThen);
  expect_time("2026-11-25T21:05:19.123Z", kThen);             // JavaScript
  expect_time("2026-11-25T21:05:19.123456Z", kThen);          // Laravel
  expect_time("2026-11-25T21:05:19.1234567+00:00", kThen);    // .NET
  expect_time("2026-11-25T22:05:19.123456789+01:00", kThen);  // Go, Java
  expect_time("2026-11-25T13:05:19-0800", kThen);             // Ruby, PHP
  expect_time("2026-11-25 21:05:19.123+00", kThen);           // PostgreSQL
  expect_time("2026-11-26 02:35:19+05:30", kThen);            // Python
  expect_time("2026-11-25t21:05:19z", kThen);
  expect_time("2026-11-25T21:05Z", kThen - 19);  // Java, where the seconds are none
  expect_time("2026-11-25T22:05+01:00", kThen - 19);
  expect_time("2026-11-25T21:05:19,123Z", kThen);
}

TEST(Timestamp, E4_OtherDays) {
  expect_time("1970-01-01T00:00:00Z", 0);
  expect_time("2000-02-29T00:00:00Z", 951782400);
  expect_time("1999-12-31T23:59:60Z", 946684800);
  expect_time("9999-12-31T23:59:59Z", 253402300799);
  expect_time("0001-01-01T00:00:00Z", -62135596800);  // "none" of Go and .NET
  expect_time("1970-01-01T00:00:00-23:59", 86340);
}

TEST(Timestamp, E4_WhatIsNone) {
  for (const char* text : {"",
                           "2026",
                           "2026-11-25",
                           "2026-11-25T21:05:19",
                           "2026-11-25T21:05",
                           "2026-11-25T21Z",
                           "2026-11-25T21:05:Z",
                           "2026-11-25T21:05:1Z",
                           "2026-11-25T21:05.5Z",
                           "20261125T210519Z",
                           "2026-11-25T21:05:19.Z",
                           "2026-11-25T21:05:19.1",
                           "2026-11-25T21:05:19+",
                           "Z",
                           "2026-11-25T21:05:19+1",
                           "2026-11-25T21:05:19+24:00",
                           "2026-11-25T21:05:19+01:60",
                           "2026-11-25T21:05:19+01:0",
                           "2026-11-25T21:05:19+01:00x",
                           "2026-11-25T21:05:19Zx",
                           " 2026-11-25T21:05:19Z",
                           "2026-11-25T21:05:19Z ",
                           "2026-11-25_21:05:19Z",
                           "2026-00-25T21:05:19Z",
                           "2026-13-25T21:05:19Z",
                           "2026-02-29T21:05:19Z",
                           "2026-11-00T21:05:19Z",
                           "2026-11-31T21:05:19Z",
                           "2026-11-25T24:05:19Z",
                           "2026-11-25T21:60:19Z",
                           "2026-11-25T21:05:61Z",
                           "-026-11-25T21:05:19Z",
                           "tomorrow",
                           "Wed, 25 Nov 2026 21:05:19 GMT"}) {
    EXPECT_FALSE(read_timestamp(text).has_value()) << text;
  }
}

TEST(Timestamp, E4_CutOffAnywhereItIsNone) {
  const std::string_view text = "2026-11-25T21:05:19.123+01:00";
  for (std::size_t size = 0; size < text.size(); size++) {
    // "+01" and "+010" of its offset: the first can stand alone.
    const bool whole = size == text.size() - 3;
    EXPECT_EQ(read_timestamp(text.substr(0, size)).has_value(), whole) << size;
  }
}

}  // namespace
}  // namespace bearerkit
