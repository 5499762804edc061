#include "formats/retry_after.h"

#include "formats/ascii.h"

namespace bearerkit {
namespace {

// RFC 9111 §1.2.2: what is too large counts as 2³¹ seconds.
constexpr double kLongestWait = 2147483648.0;

}  // namespace

OptionalSeconds read_retry_after(std::string_view field, std::string_view date, double now) {
  const std::string_view text = trim_space(field);
  double wait = 0;
  if (!text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos) {
    for (const char c : text) {
      if (wait < kLongestWait) wait = wait * 10 + (c - '0');
    }
  } else {
    const OptionalSeconds until = read_http_date(text, now);
    if (!until.has_value()) return {};
    const OptionalSeconds server_now = read_http_date(date, now);
    wait = until.seconds - (server_now.has_value() ? server_now.seconds : now);
  }
  if (!(wait > 0)) return OptionalSeconds{0};
  return OptionalSeconds{wait < kLongestWait ? wait : kLongestWait};
}

}  // namespace bearerkit
