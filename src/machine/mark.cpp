#include "machine/mark.h"

#include "machine/hex.h"

namespace bearerkit {
namespace {

constexpr std::size_t kNumber = 16;  // digits

}  // namespace

Text write_mark(const Mark& mark) {
  Text text = to_hex(mark.session);
  text += to_hex(mark.generation);
  text += time_to_hex(mark.deadline);
  return text;
}

bool take_mark(std::string_view& marks, Mark& mark) {
  if (marks.empty()) return false;
  const std::size_t end = marks.find(' ');
  const std::string_view text = marks.substr(0, end);
  marks.remove_prefix(end == std::string_view::npos ? marks.size() : end + 1);
  mark = {};
  if (text.size() != 3 * kNumber) return true;
  mark.session = from_hex(text.substr(0, kNumber));
  mark.generation = static_cast<std::uint32_t>(from_hex(text.substr(kNumber, kNumber)));
  const std::uint64_t deadline = from_hex(text.substr(2 * kNumber));
  if (deadline != 0) mark.deadline = static_cast<Milliseconds>(deadline);
  return true;
}

}  // namespace bearerkit
