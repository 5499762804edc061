#include "formats/date_time.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include "formats/ascii.h"
#include "formats/words.h"

namespace bearerkit {
namespace {

constexpr double kSecondsPerYear = 365.2425 * 86400;

constexpr std::string_view kDays = "Mon Tue Wed Thu Fri Sat Sun";
constexpr std::string_view kLongDays = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday";
constexpr std::string_view kMonths = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec";

// The numbers of a date, in the order of kNumbers; the month from 1 to 12.
struct DateTime {
  int day = 0;
  int year = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int month = 0;
};

// RFC 9110 §5.6.7. In a pattern @ is a short weekday, # a long one, % a month, each of the letters
// of kNumbers one digit (o of the month), _ a space or a digit of the day, and ? what may stand
// between date and time; all else stands for itself.
constexpr std::string_view kNumbers = "dyhmso";
constexpr std::string_view kImfFixdate = "@, dd % yyyy hh:mm:ss GMT";
constexpr std::string_view kRfc850Date = "#, dd-%-yy hh:mm:ss GMT";
constexpr std::string_view kAsctimeDate = "@ % _d hh:mm:ss yyyy";
// RFC 3339 §5.6. As in ISO 8601 the seconds may be left out, as Java does where they are zero, and
// the fraction may follow a comma. Without fraction and offset.
constexpr std::string_view kTimestamp = "yyyy-oo-dd?hh:mm";
constexpr std::string_view kSeconds = ":ss";
constexpr std::string_view kOffsets[] = {"hh:mm", "hhmm", "hh"};

// Takes one of `names`, which has at most this length, off the text; gives its place from 1 on, or
// 0.
int take_name(std::string_view& text, std::string_view names, std::size_t length) {
  const std::string_view name = text.substr(0, length);
  const std::size_t place = place_of(name, names);
  if (place == kNoWord) return 0;
  text.remove_prefix(name.size());
  return static_cast<int>(place) + 1;
}

bool matches(std::string_view text, std::string_view pattern, DateTime& t) {
  t = DateTime{};
  int* const numbers[] = {&t.day, &t.year, &t.hour, &t.minute, &t.second, &t.month};
  for (char sign : pattern) {
    if (sign == '@' || sign == '#' || sign == '%') {
      const bool is_long = sign == '#';
      const int place = take_name(text,
                                  is_long       ? kLongDays
                                  : sign == '@' ? kDays
                                                : kMonths,
                                  is_long ? text.find(',') : 3);
      if (place == 0) return false;
      if (sign == '%') t.month = place;
      continue;
    }
    if (text.empty()) return false;
    const char c = text.front();
    text.remove_prefix(1);
    if (sign == '_') sign = c == ' ' ? ' ' : 'd';
    if (sign == '?') sign = c == ' ' || c == 't' ? c : 'T';
    const std::size_t place = kNumbers.find(sign);
    if (place == std::string_view::npos) {
      if (c != sign) return false;
    } else {
      if (!is_digit(c)) return false;
      *numbers[place] = *numbers[place] * 10 + (c - '0');
    }
  }
  return text.empty();
}

bool is_leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

bool exists(const DateTime& t) {
  if (t.month < 1 || t.month > 12) return false;
  constexpr std::array<int, 12> kLengths = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const int length =
      kLengths[static_cast<std::size_t>(t.month - 1)] + (t.month == 2 && is_leap(t.year) ? 1 : 0);
  // 60 is a leap second (RFC 9110 §5.6.7); it counts as the first one of the next minute.
  return t.day >= 1 && t.day <= length && t.hour <= 23 && t.minute <= 59 && t.second <= 60;
}

// Days from 1970-01-01 to the first of March of the year that `t` lies in when years begin with
// March, so that the leap day comes last; then on to the day.
double seconds_since_1970(const DateTime& t) {
  const std::int64_t year = t.month > 2 ? t.year : t.year - 1;
  const std::int64_t leap_days = year / 4 - year / 100 + year / 400 - (year < 0 ? 1 : 0);
  // Months from March on have 31 30 31 30 31 | 31 30 31 30 31 | 31 days: 153 for every five.
  const std::int64_t month = (t.month + 9) % 12;
  const std::int64_t days = year * 365 + leap_days + (153 * month + 2) / 5 + t.day - 1 - 719468;
  return static_cast<double>(((days * 24 + t.hour) * 60 + t.minute) * 60 + t.second);
}

// RFC 9110 §5.6.7: the latest year with these two digits that is not more than 50 years ahead.
int with_century(int year, double now) {
  const double latest = 1970 + now / kSecondsPerYear + 50;
  year += 1900;
  while (year + 100 <= latest && year < 9900) year += 100;
  return year;
}

}  // namespace

OptionalSeconds read_http_date(std::string_view field, double now) {
  const std::string_view text = trim_space(field);
  DateTime t;
  if (matches(text, kRfc850Date, t)) {
    t.year = with_century(t.year, now);
  } else if (!matches(text, kImfFixdate, t) && !matches(text, kAsctimeDate, t)) {
    return {};
  }
  return exists(t) ? OptionalSeconds{seconds_since_1970(t)} : OptionalSeconds{};
}

OptionalSeconds read_timestamp(std::string_view text) {
  DateTime t;
  if (!matches(text.substr(0, kTimestamp.size()), kTimestamp, t)) return {};
  text.remove_prefix(kTimestamp.size());
  if (DateTime rest; matches(text.substr(0, kSeconds.size()), kSeconds, rest)) {
    t.second = rest.second;
    text.remove_prefix(kSeconds.size());
    if (text.starts_with('.') || text.starts_with(',')) {
      const std::size_t end = text.find_first_not_of("0123456789", 1);
      if (end == 1 || end == std::string_view::npos) return {};
      text.remove_prefix(end);
    }
  }
  if (!exists(t)) return {};
  const double seconds = seconds_since_1970(t);
  if (text == "Z" || text == "z") return OptionalSeconds{seconds};
  const bool ahead = text.starts_with('+');
  if (!ahead && !text.starts_with('-')) return {};
  for (const std::string_view pattern : kOffsets) {
    if (!matches(text.substr(1), pattern, t)) continue;
    if (t.hour > 23 || t.minute > 59) return {};
    const double offset = (t.hour * 60 + t.minute) * 60;
    return OptionalSeconds{ahead ? seconds - offset : seconds + offset};
  }
  return {};
}

}  // namespace bearerkit
