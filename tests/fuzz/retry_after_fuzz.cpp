// R8: a wait is never negative, never endless and never NaN. RFC 9110 §5.6.7: a moment that was
// written in any of the three forms is read as just that; what is read as a date is one, and
// written again is the same. The same for timestamps (RFC 3339 §5.6), with any offset. The input:
// Retry-After, a line feed, Date.
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "formats/date_time.h"
#include "formats/retry_after.h"
#include "fuzz.h"

using namespace bearerkit;
using bearerkit::fuzz::require;

namespace {

constexpr double kLongestWait = 2147483648.0;
constexpr double kNow = 1'700'000'000.5;

using Moment = std::chrono::sys_seconds;

enum class Form { imf_fixdate, rfc850, asctime };
constexpr Form kForms[] = {Form::imf_fixdate, Form::rfc850, Form::asctime};

Moment moment_of(double seconds) {
  return Moment(std::chrono::seconds(static_cast<std::int64_t>(seconds)));
}

int year_of(Moment moment) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(moment));
  return static_cast<int>(date.year());
}

std::string write(Moment moment, Form form) {
  constexpr const char* kDays[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                   "Thursday", "Friday", "Saturday"};
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss<std::chrono::seconds> time(moment - day);
  const char* const weekday = kDays[std::chrono::weekday(day).c_encoding()];
  const char* const month = kMonths[static_cast<unsigned>(date.month()) - 1];
  const auto day_of_month = static_cast<unsigned>(date.day());
  const int year = year_of(moment);
  char clock[16];
  std::snprintf(clock, sizeof clock, "%02d:%02d:%02d", static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
  char text[64];
  switch (form) {
    case Form::imf_fixdate:
      std::snprintf(text, sizeof text, "%.3s, %02u %s %04d %s GMT", weekday, day_of_month, month,
                    year, clock);
      break;
    case Form::rfc850:
      std::snprintf(text, sizeof text, "%s, %02u-%s-%02d %s GMT", weekday, day_of_month, month,
                    year % 100, clock);
      break;
    case Form::asctime:
      std::snprintf(text, sizeof text, "%.3s %s %2u %s %04d", weekday, month, day_of_month, clock,
                    year);
  }
  return text;
}

// A moment of the years 0 to 9999.
Moment some_moment(std::string_view bytes) {
  std::uint64_t number = 0;
  bytes.copy(reinterpret_cast<char*>(&number), sizeof number);
  constexpr std::int64_t kFirst = -62'167'219'200;
  constexpr std::uint64_t kCount = 315'569'520'000;
  return Moment(std::chrono::seconds(kFirst + static_cast<std::int64_t>(number % kCount)));
}

void write_and_read(Moment moment) {
  const auto seconds = static_cast<double>(moment.time_since_epoch().count());
  for (const Form form : {Form::imf_fixdate, Form::asctime}) {
    const fuzz::Text text(write(moment, form));
    require(read_http_date(text, kNow).seconds == seconds);
    require(read_http_date(std::string(text) + " ", kNow).seconds == seconds);
    const double wait = seconds > kNow ? std::fmin(seconds - kNow, kLongestWait) : 0;
    require(read_retry_after(text, "", kNow).seconds == wait);
    require(read_retry_after(text, text, kNow).seconds == 0);
  }
  // 49 years around now are never in doubt.
  if (std::abs(seconds - kNow) > 49 * 365.0 * 86400) return;
  require(read_http_date(fuzz::Text(write(moment, Form::rfc850)), kNow).seconds == seconds);
}

// Digits of a fraction, and minutes of an offset, by the bytes of the input.
void check_timestamp(Moment moment, std::string_view bytes) {
  std::uint16_t choice = 0;
  bytes.copy(reinterpret_cast<char*>(&choice), sizeof choice);
  const int offset = choice % 2880 - 1440 + (choice % 2880 == 0 ? 1 : 0);  // less than a day
  const Moment local = moment + std::chrono::minutes(offset);
  if (year_of(local) < 0 || year_of(local) > 9999) return;
  const std::string date = write(local, Form::asctime);
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(local));
  const int size = std::abs(offset);
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u%c%.8s%.*s%c%02d%s%02d", year_of(local),
                static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()),
                "Tt "[choice % 3], date.c_str() + 11, choice % 11 == 1 ? 0 : choice % 11,
                ".123456789", offset < 0 ? '-' : '+', size / 60, choice % 2 == 0 ? ":" : "",
                size % 60);
  const auto seconds = static_cast<double>(moment.time_since_epoch().count());
  require(read_timestamp(fuzz::Text(text)).seconds == seconds);
  if (size % 60 == 0) {
    std::string short_one(text);
    short_one.resize(short_one.size() - (choice % 2 == 0 ? 3 : 2));
    require(read_timestamp(fuzz::Text(short_one)).seconds == seconds);
  }
}

// What is read is a moment that has the same name, its offset and fraction left out. Seconds that
// are left out are none.
void read_and_write_timestamp(std::string_view text) {
  const OptionalSeconds time = read_timestamp(text);
  if (!time.has_value()) return;
  require(time.seconds == std::floor(time.seconds));
  const bool has_seconds = text.substr(16, 1) == ":";
  std::string name(text.substr(0, has_seconds ? 19 : 16));
  if (!has_seconds) name += ":00";
  require(name.find_first_not_of("0123456789-:Tt ") == std::string::npos);
  const fuzz::Text utc(name + "Z");
  const OptionalSeconds there = read_timestamp(utc);
  require(std::abs(there.seconds - time.seconds) < 86400);
  const Moment moment = moment_of(there.seconds);
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(moment));
  char date[16];
  std::snprintf(date, sizeof date, "%04d-%02u-%02u", year_of(moment),
                static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  require(name.starts_with(date) || name.substr(17, 2) == "60");
}

// Behind the weekday, which is not compared with the date, and of a one-digit day.
std::string without_weekday(std::string text) {
  const std::size_t behind = text.find_first_of(", ");
  text.erase(0, behind);
  if (text.size() > 5 && text[0] == ' ' && text[5] == ' ') text[5] = '0';  // asctime
  return text;
}

void read_and_write(std::string_view field) {
  const OptionalSeconds date = read_http_date(field, kNow);
  if (!date.has_value()) return;
  require(date.seconds == std::floor(date.seconds));
  const std::size_t begin = field.find_first_not_of(" \t");
  const std::string text(field.substr(begin, field.find_last_not_of(" \t") + 1 - begin));
  const Moment moment = moment_of(date.seconds);
  bool same = text.find(":60") != std::string::npos;  // a leap second has no other name
  for (const Form form : kForms) {
    same = same || without_weekday(write(moment, form)) == without_weekday(text);
  }
  require(same);
}

// RFC 9111 §1.2.2, of digits only; NaN for all else.
double delta_seconds(std::string_view field) {
  const std::size_t begin = field.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return NAN;
  const std::string digits(field.substr(begin, field.find_last_not_of(" \t") + 1 - begin));
  if (digits.find_first_not_of("0123456789") != std::string::npos) return NAN;
  return std::fmin(std::strtod(digits.c_str(), nullptr), kLongestWait);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Text text = fuzz::read_text(data, size, 4096);
  std::string_view rest = text;
  const std::string_view field = fuzz::take_until(rest, '\n');
  for (const double now : {0.0, kNow, -1e12, 1e15}) {
    const OptionalSeconds wait = read_retry_after(field, rest, now);
    require(!wait.has_value() || (wait.seconds >= 0 && wait.seconds <= kLongestWait));
    const double delta = delta_seconds(field);
    require(std::isnan(delta) || wait.seconds == delta);
    const OptionalSeconds date = read_http_date(field, now);
    require(!date.has_value() || std::isfinite(date.seconds));
    require(wait.has_value() == (date.has_value() || !std::isnan(delta)));
  }
  read_and_write(field);
  read_and_write(rest);
  write_and_read(some_moment(text));
  read_and_write_timestamp(field);
  check_timestamp(some_moment(text), text);
  return 0;
}
