#include "machine/record.h"

#include <cmath>

#include "formats/bearer_challenge.h"
#include "formats/hash.h"
#include "formats/json_reader.h"
#include "formats/words.h"
#include "machine/hex.h"

namespace bearerkit {
namespace {

void append_escaped(Text& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += "\\u00";
      out += kHex[static_cast<unsigned char>(c) >> 4];
      out += kHex[static_cast<unsigned char>(c) & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

void append_member(Text& out, std::string_view name, std::string_view text) {
  out += out.size() == 1 ? "" : ",";
  append_escaped(out, name);
  out += ':';
  append_escaped(out, text);
}

// Whole milliseconds: printf for doubles would double the size of the module.
void append_member(Text& out, std::string_view name, double number) {
  out += out.size() == 1 ? "" : ",";
  append_escaped(out, name);
  out += ':';
  const double whole = std::nearbyint(number);
  // What rounds to zero has no sign: "-0" would be read and written as "0".
  if (whole < 0) out += '-';
  char digits[20];
  std::size_t count = 0;
  auto rest = static_cast<std::uint64_t>(std::fabs(whole));
  do {
    digits[count++] = static_cast<char>('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  while (count > 0) out += digits[--count];
}

bool is_time(const JsonMember& member) {
  return member.type == JsonType::number && std::fabs(member.number) <= kLastTime;
}

class RecordVisitor final : public JsonMemberVisitor {
 public:
  Record record;
  double version = 0;
  bool wrong_type = false;

  void member(const JsonMember& m) override {
    switch (place_of(m.name, kMembers)) {
      case 0:
        version = m.type == JsonType::number ? m.number : 0;
        return;
      case 1:
        record.session = id_of(m);
        return;
      case 2:
        record.identity = id_of(m);
        return;
      case 3: {
        const bool fits = m.type == JsonType::number && m.number >= 0 && m.number <= 0xffffffff;
        record.generation = fits ? static_cast<std::uint32_t>(m.number) : 0;
        wrong_type |= !fits;
        return;
      }
      case 4:
        record.dialect = m.text == "json" ? Dialect::json : Dialect::oauth;
        return;
      case 5:
        return set_time(record.received, m);
      case 6:
        return set_time(record.deadline, m);
      case 7:
        return set_token(record.access_token, m);
      case 8:
        return set_token(record.refresh_token, m);
      case 9:
        return set_token(record.kept, m);
      default:
        return;
    }
  }

 private:
  // In the order of the cases.
  static constexpr std::string_view kMembers =
      "version session identity generation dialect received deadline access_token refresh_token "
      "kept";

  static std::uint64_t id_of(const JsonMember& m) {
    return m.type == JsonType::string ? from_hex(m.text) : 0;
  }
  void set_time(Milliseconds& field, const JsonMember& m) {
    wrong_type |= !is_time(m);
    if (is_time(m)) field = m.number;
  }
  void set_token(Text& field, const JsonMember& m) {
    wrong_type |= m.type != JsonType::string;
    field = Text(m.text);
  }
};

}  // namespace

[[gnu::noinline]] Record::Record() = default;
[[gnu::noinline]] Record::Record(const Record& other) = default;
[[gnu::noinline]] Record& Record::operator=(const Record& other) = default;
[[gnu::noinline]] Record::~Record() = default;

std::uint64_t identity_of_app(std::string_view word, std::uint64_t before) {
  return word == "null" ? before : (hash_of(word) | 2) & ~std::uint64_t{1};
}

bool is_other_user(std::uint64_t one, std::uint64_t other) {
  constexpr std::uint64_t kByClaims = 1;  // else by the app
  return one != 0 && other != 0 && ((one ^ other) & kByClaims) == 0 && one != other;
}

Text write_record(const Record& record, Mode mode) {
  Text out("{");
  append_member(out, "version", kRecordVersion);
  append_member(out, "session", to_hex(record.session));
  append_member(out, "generation", record.generation);
  if (record.identity != 0) append_member(out, "identity", to_hex(record.identity));
  append_member(out, "received", record.received);
  if (record.deadline <= kLastTime) append_member(out, "deadline", record.deadline);
  if (mode == Mode::bearer) {
    append_member(out, "dialect", record.dialect == Dialect::json ? "json" : "oauth");
    append_member(out, "access_token", record.access_token.view());
    if (!record.refresh_token.empty())
      append_member(out, "refresh_token", record.refresh_token.view());
    if (!record.kept.empty()) append_member(out, "kept", record.kept.view());
  }
  out += '}';
  return out;
}

Result<Record> read_record(std::string_view text, Mode mode) {
  RecordVisitor visitor;
  if (const Error error = read_json_object(text, visitor)) return error;
  Record& record = visitor.record;
  const bool token_fits = mode == Mode::bearer
                              ? is_sendable(record.access_token.view())
                              : record.access_token.empty() && record.refresh_token.empty();
  // By no clock does a token expire before it came in, and a timer would wait for that in circles.
  const bool times_fit = record.received <= record.deadline;
  const bool says_what =
      record.is_refusal() ? mode != Mode::bearer && record.received > 0 : record.session != 0;
  if (visitor.version != kRecordVersion || visitor.wrong_type || !says_what || !token_fits ||
      !times_fit) {
    return Error{ErrorCode::malformed};
  }
  return record;
}

}  // namespace bearerkit
