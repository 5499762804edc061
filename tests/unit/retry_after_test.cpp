// R8: Retry-After and HTTP dates (RFC 9110 §10.2.3, §5.6.7).
#include "formats/retry_after.h"

#include "core_test.h"

namespace bearerkit {
namespace {

constexpr double kAnswered = 1775001600;  // 2026-04-01T00:00:00Z
constexpr double kThen = 784111777;       // 1994-11-06T08:49:37Z, RFC 9110's example
constexpr double kLongest = 2147483648.0;

void expect_date(std::string_view field, double seconds, double now = kAnswered) {
  const OptionalSeconds date = read_http_date(field, now);
  EXPECT_TRUE(date.has_value()) << field;
  EXPECT_EQ(date.seconds, seconds) << field;
}

void expect_wait(std::string_view field, double seconds, std::string_view date = "") {
  const OptionalSeconds wait = read_retry_after(field, date, kAnswered);
  EXPECT_TRUE(wait.has_value()) << field;
  EXPECT_EQ(wait.seconds, seconds) << field;
}

TEST(HttpDate, Rfc9110ThreeForms) {
  expect_date("Sun, 06 Nov 1994 08:49:37 GMT", kThen);
  expect_date("Sunday, 06-Nov-94 08:49:37 GMT", kThen);
  expect_date("Sun Nov  6 08:49:37 1994", kThen);
}

TEST(HttpDate, OtherDays) {
  expect_date("Thu, 01 Jan 1970 00:00:00 GMT", 0);
  expect_date("Tue, 29 Feb 2000 00:00:00 GMT", 951782400);
  expect_date("Fri, 31 Dec 1999 23:59:59 GMT", 946684799);
  expect_date("Tue, 19 Jan 2038 03:14:08 GMT", 2147483648);
  expect_date("Fri, 31 Dec 9999 23:59:59 GMT", 253402300799);
  expect_date("Mon, 01 Jan 0001 00:00:00 GMT", -62135596800);
  expect_date("Tue, 29 Feb 1600 00:00:00 GMT", -11670998400);
  expect_date("Thu, 01 Mar 1900 00:00:00 GMT", -2203891200);
  expect_date("Wed Apr 01 00:00:00 2026", kAnswered);
  expect_date("Sat, 31 Dec 2016 23:59:60 GMT", 1483228800);  // a leap second
  expect_date("  Sun, 06 Nov 1994 08:49:37 GMT\t", kThen);
  // The weekday is not checked against the date.
  expect_date("Mon, 06 Nov 1994 08:49:37 GMT", kThen);
}

TEST(HttpDate, EveryDayOfFourHundredYears) {
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto digits = [](int value, std::size_t width) {
    std::string text = std::to_string(value);
    return std::string(width - text.size(), '0') + text;
  };
  double expected = -2208988800.0;  // 1900-01-01
  for (int year = 1900; year < 2300; year++) {
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    for (int month = 0; month < 12; month++) {
      const int length = month == 1                                              ? (leap ? 29 : 28)
                         : month == 3 || month == 5 || month == 8 || month == 10 ? 30
                                                                                 : 31;
      for (int day = 1; day <= 31; day++) {
        const std::string text = "Sun, " + digits(day, 2) + " " + kMonths[month] + " " +
                                 digits(year, 4) + " 00:00:00 GMT";
        if (day > length) {
          EXPECT_FALSE(read_http_date(text, kAnswered).has_value()) << text;
        } else {
          expect_date(text, expected);
          expected += 86400;
        }
      }
    }
  }
}

// RFC 9110 §5.6.7: more than 50 years ahead means the century before.
TEST(HttpDate, TheCenturyOfTwoDigitYears) {
  expect_date("Wednesday, 01-Apr-26 00:00:00 GMT", kAnswered);
  expect_date("Wednesday, 01-Apr-76 00:00:00 GMT", 3352924800);  // in 50 years
  expect_date("Friday, 01-Apr-77 00:00:00 GMT", 228700800);      // a year more: 1977
  expect_date("Saturday, 01-Jan-00 00:00:00 GMT", 946684800);
  expect_date("Friday, 31-Dec-99 23:59:59 GMT", 946684799);
  expect_date("Friday, 01-Jan-00 00:00:00 GMT", 4102444800, 4102444799);  // read in 2099
  expect_date("Sunday, 06-Nov-94 08:49:37 GMT", 3939871777, 3939871777);  // read in 2094
  expect_date("Sunday, 06-Nov-94 08:49:37 GMT", kThen, kThen);            // read in 1994
  // A clock that cannot be right is taken for this century.
  for (const double now : {-1e300, 1e300, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_TRUE(read_http_date("Sunday, 06-Nov-94 08:49:37 GMT", now).has_value());
  }
}

TEST(HttpDate, AbsentForWhatIsNone) {
  for (const char* field : {"",
                            " ",
                            "0",
                            "1994",
                            "Sun",
                            "Sun, 06 Nov 1994",
                            "Sun, 06 Nov 1994 08:49:37",
                            "Sun, 06 Nov 1994 08:49:37 UTC",
                            "Sun, 06 Nov 1994 08:49:37 +0000",
                            "Sun, 06 Nov 1994 08:49:37 GMT x",
                            "Sun, 06 Nov 1994 08:49:37 gmt",
                            "sun, 06 Nov 1994 08:49:37 GMT",
                            "Sun, 6 Nov 1994 08:49:37 GMT",
                            "Sun, 06 nov 1994 08:49:37 GMT",
                            "Sun, 06 Foo 1994 08:49:37 GMT",
                            "Sun, 00 Nov 1994 08:49:37 GMT",
                            "Sun, 31 Nov 1994 08:49:37 GMT",
                            "Thu, 29 Feb 1900 00:00:00 GMT",
                            "Wed, 29 Feb 2023 00:00:00 GMT",
                            "Sun, 06 Nov 1994 24:00:00 GMT",
                            "Sun, 06 Nov 1994 08:60:37 GMT",
                            "Sun, 06 Nov 1994 08:49:61 GMT",
                            "Sun,06 Nov 1994 08:49:37 GMT",
                            "Sun, 06  Nov 1994 08:49:37 GMT",
                            "Sun, 06 Nov 94 08:49:37 GMT",
                            "Sun, 06-Nov-94 08:49:37 GMT",
                            "Sunday, 06-Nov-1994 08:49:37 GMT",
                            "Sunday, 06 Nov 1994 08:49:37 GMT",
                            "Sun Nov 6 08:49:37 1994",
                            "Sun Nov  06 08:49:37 1994",
                            "Sun Nov  6 08:49:37 94",
                            "Sun Nov  6 08:49:37 1994 GMT",
                            "1994-11-06T08:49:37Z",
                            "Sun, -6 Nov 1994 08:49:37 GMT",
                            "Sun, 06 Nov +994 08:49:37 GMT",
                            "Xxx, 06 Nov 1994 08:49:37 GMT"}) {
    EXPECT_FALSE(read_http_date(field, kAnswered).has_value()) << field;
  }
  EXPECT_FALSE(read_http_date(std::string_view("Sun, 06 Nov 1994 08:49:37 GMT\0", 30), kAnswered)
                   .has_value());
}

TEST(RetryAfter, R8_Seconds) {
  expect_wait("0", 0);
  expect_wait("120", 120);
  expect_wait(" 120\t", 120);
  expect_wait("0000120", 120);
  expect_wait("2147483647", 2147483647);
  expect_wait("2147483648", kLongest);
  expect_wait("99999999999", kLongest);
  expect_wait(std::string(1000, '9'), kLongest);
  expect_wait(std::string(1000, '0') + "7", 7);
}

TEST(RetryAfter, R8_Date) {
  expect_wait("Wed, 01 Apr 2026 00:02:00 GMT", 120);
  expect_wait("Wednesday, 01-Apr-26 00:02:00 GMT", 120);
  expect_wait("Wed Apr  1 00:02:00 2026", 120);
  expect_wait("Wed, 01 Apr 2026 00:00:00 GMT", 0);
  expect_wait("Tue, 31 Mar 2026 23:59:59 GMT", 0);  // past: at once
  expect_wait("Fri, 31 Dec 9999 23:59:59 GMT", kLongest);
}

// E5: what counts is the server's own clock, where it can be read.
TEST(RetryAfter, E5_ADateIsMeasuredAgainstTheServersDate) {
  expect_wait("Sun, 06 Nov 1994 08:51:37 GMT", 120, "Sun, 06 Nov 1994 08:49:37 GMT");
  expect_wait("Thu, 06 Nov 2064 08:51:37 GMT", 120, "Thu, 06 Nov 2064 08:49:37 GMT");
  expect_wait("Sun, 06 Nov 1994 08:49:00 GMT", 0, "Sun, 06 Nov 1994 08:49:37 GMT");
  // A Date that is none does not count; with seconds it plays no part.
  expect_wait("Wed, 01 Apr 2026 00:02:00 GMT", 120, "yesterday");
  expect_wait("120", 120, "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(RetryAfter, R8_AbsentForWhatIsNeither) {
  for (const char* field : {"", "  ", "-1", "+1", "1.5", "1e3", "soon", "120s", "120, 120", "0x10",
                            "1 2", "\xd9\xa1"}) {
    EXPECT_FALSE(read_retry_after(field, "", kAnswered).has_value()) << field;
  }
  EXPECT_FALSE(read_retry_after(std::string_view("1\0", 2), "", kAnswered).has_value());
}

}  // namespace
}  // namespace bearerkit
