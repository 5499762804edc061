#include "exports.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>

#include "formats/core_limits.h"
#include "formats/jwt.h"
#include "formats/origin.h"
#include "formats/quick_jwt.h"
#include "machine/machine.h"
#include "machine/origin_flags.h"

namespace bearerkit::abi {

struct Machine {
  explicit Machine(const Settings& settings) : machine(settings) {}
  bearerkit::Machine machine;
  OriginList origins;
  EffectView view;  // of the last effect
  StateView state;
};

namespace {

std::uint32_t address(const char* data) {
  return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(data));
}

TextView shown(std::string_view text) {
  return {address(text.data()), static_cast<std::uint32_t>(text.size())};
}

// The compiler is told that somebody may look, so that it is not optimised away.
void wipe(char* data, std::size_t length) {
  if (length == 0) return;
  std::memset(data, 0, length);
  asm volatile("" : : "r"(data) : "memory");
}

// The input area. Grows to what is asked for, and goes back to its usual size after a large input.
class Input {
 public:
  char* reserve(std::uint32_t size) {
    if (size > limits::kMaxResponseBytes) return nullptr;
    const std::size_t wanted = size < kUsualInputBytes ? kUsualInputBytes : size;
    if (wanted != capacity_) {
      wipe(data_.get(), capacity_);  // a token may have been begun here and found too long
      data_.reset(new char[wanted + kScanRoom]);
      capacity_ = wanted;
      written_ = 0;
    }
    size_ = size;
    written_ = std::max<std::size_t>(written_, size);
    return data_.get();
  }

  // The next `length` bytes; what was not asked for is not there.
  std::string_view take(std::uint32_t length) {
    const std::size_t rest = size_ - taken_;
    const std::size_t given = length < rest ? length : rest;
    const std::string_view text(data_.get() + taken_, given);
    taken_ += given;
    return text;
  }

  // All that was asked for, to be read in its place.
  char* data() { return data_.get(); }
  std::size_t size() const { return size_; }

  void clear() {
    wipe(data_.get(), written_);
    size_ = written_ = taken_ = 0;
  }

 private:
  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
  std::size_t taken_ = 0;
  std::size_t written_ = 0;  // the most that was asked for since the last clear()
};

// One module serves one thread, and no export calls another: these are its registers.
Input input;
DecodeResult result;
DecodedJwt decoded;

// Takes input for the length of one export, and wipes it at the end.
class InputScope {
 public:
  InputScope() = default;
  ~InputScope() { input.clear(); }
  InputScope(const InputScope&) = delete;
  InputScope& operator=(const InputScope&) = delete;
  std::string_view take(std::uint32_t length) { return input.take(length); }
};

void forget() {
  decoded = {};
  result = DecodeResult{};
}

const DecodeResult* fail(const Error& error) {
  result.error = static_cast<std::uint32_t>(error.code);
  result.part = static_cast<std::uint32_t>(error.part);
  result.offset = error.offset;
  return &result;
}

void set_times(const TimeClaims& times) {
  result.exp = times.exp.seconds;
  result.nbf = times.nbf.seconds;
  result.iat = times.iat.seconds;
}

void set_payload(std::string_view text) {
  result.payload_address = address(text.data());
  result.payload_length = static_cast<std::uint32_t>(text.size());
}

QuickParts parts_for(Wanted wanted) {
  if (wanted == Wanted::times) return QuickParts::payload;
  return wanted == Wanted::claims_only ? QuickParts::all_but_header : QuickParts::all;
}

const DecodeResult* found(std::string_view payload, const JsonScan& scan) {
  set_payload(payload);
  result.ascii = scan.ascii ? 1 : 0;
  set_times({scan.exp, scan.nbf, scan.iat});
  return &result;
}

void set_header() {
  result.header_address = address(decoded.header.data());
  result.header_length = static_cast<std::uint32_t>(decoded.header.size());
}

// False for what no app can mean; TypeScript has checked it by name before. Not inlined: then the
// settings stay in one piece.
[[gnu::noinline]] bool is_sound(const Settings& config) {
  for (const double length : {config.leeway, config.refresh_margin, config.refresh_timeout,
                              config.lock_timeout, config.storage_timeout, config.write_lag}) {
    if (!(length >= 0 && length < kNever)) return false;
  }
  return config.mode <= Mode::cookie && config.dialect <= Dialect::json_snake &&
         config.presume <= Presumption::always;
}

template <typename Enum>
bool is_at_most(Enum value, Enum last) {
  return static_cast<std::uint32_t>(value) <= static_cast<std::uint32_t>(last);
}

// Whether all numbers that stand for a word do so.
bool is_sound(const bearerkit::Input& input) {
  switch (input.kind) {
    case InputKind::storage_read:
      return is_at_most(input.storage_read.purpose, ReadPurpose::marks) &&
             is_at_most(input.storage_read.outcome, ReadOutcome::failed);
    case InputKind::token_response:
      return is_at_most(input.token_response.override_, Override::terminal);
    case InputKind::refresh_error:
      return is_at_most(input.refresh_error.override_, Override::terminal) &&
             is_at_most(input.refresh_error.cause, RefreshCauseKind::threw);
    default:
      return is_at_most(input.kind, InputKind::close);
  }
}

}  // namespace
}  // namespace bearerkit::abi

using namespace bearerkit;       // NOLINT(google-build-using-namespace): the exports' own file
using namespace bearerkit::abi;  // NOLINT(google-build-using-namespace)

std::uint32_t bearerkit_abi_version() { return kAbiVersion; }

char* bearerkit_input(std::uint32_t size) { return input.reserve(size); }

// ---- decoding -------------------------------------------------------------------------------

const DecodeResult* bearerkit_decode_quickly(std::uint32_t length, std::uint32_t first_dot,
                                             std::uint32_t second_dot, std::uint32_t wanted) {
  forget();
  QuickJwt jwt;
  if (length > input.size() || !decode_quickly(input.data(), length, first_dot, second_dot,
                                               parts_for(static_cast<Wanted>(wanted)), jwt)) {
    return nullptr;
  }
  return found({jwt.payload, jwt.payload_size}, jwt.scan);
}

const DecodeResult* bearerkit_scan_part(std::uint32_t length) {
  forget();
  JsonScan scan;
  if (length > input.size() || !scan_json_object(input.data(), length, scan)) return nullptr;
  return found({input.data(), length}, scan);
}

const DecodeResult* bearerkit_decode_jwt(std::uint32_t length, std::uint32_t wanted) {
  InputScope in;
  forget();
  const std::string_view token = in.take(length);
  if (wanted == static_cast<std::uint32_t>(Wanted::header)) {
    const Result<Text> header = decode_protected_header(token);
    if (!header) return fail(header.error());
    decoded.header = *header;
    set_header();
    return &result;
  }
  if (wanted == static_cast<std::uint32_t>(Wanted::times)) {
    const Result<TimeClaims> times = decode_time_claims(token);
    if (!times) return fail(times.error());
    set_times(*times);
    return &result;
  }
  if (const Error error = decode_jwt(token, decoded)) {
    forget();
    return fail(error);
  }
  set_header();
  set_payload(decoded.payload);
  result.findings = decoded.findings;
  set_times(decoded.times);
  return &result;
}

std::uint32_t bearerkit_is_expired(double exp, double now, double leeway) {
  return is_expired(OptionalSeconds{exp}, now, leeway) ? 1 : 0;
}

void bearerkit_forget() {
  input.clear();
  forget();
}

// ---- a machine ------------------------------------------------------------------------------

BearerkitMachine* bearerkit_machine_create(std::uint32_t length) {
  InputScope in;
  const std::string_view bytes = in.take(length);
  Settings settings;
  if (bytes.size() != sizeof settings) return nullptr;
  std::memcpy(&settings, bytes.data(), sizeof settings);
  return is_sound(settings) ? new abi::Machine(settings) : nullptr;
}

void bearerkit_machine_destroy(BearerkitMachine* machine) { delete machine; }

void bearerkit_own_origin(BearerkitMachine* machine, std::uint32_t length) {
  InputScope in;
  machine->origins.set_own(in.take(length));
}

std::uint32_t bearerkit_add_origin(BearerkitMachine* machine, std::uint32_t length) {
  InputScope in;
  return static_cast<std::uint32_t>(machine->origins.add(in.take(length)).code);
}

std::uint32_t bearerkit_origin_flags(const BearerkitMachine* machine, std::uint32_t length) {
  InputScope in;
  return origin_flags(machine->origins, in.take(length));
}

void bearerkit_set_timeline(BearerkitMachine* machine, std::uint32_t on) {
  machine->machine.set_timeline(on != 0);
}

// ---- in -------------------------------------------------------------------------------------

std::uint32_t bearerkit_handle(BearerkitMachine* machine, double now, std::uint32_t length) {
  InputScope in;
  InputHead head;
  const std::string_view bytes = in.take(sizeof head);
  if (length < sizeof head || bytes.size() != sizeof head) return 0;
  std::memcpy(&head, bytes.data(), sizeof head);
  bearerkit::Input told;
  std::memcpy(&told.kind, &head.kind, sizeof told.kind);
  std::memcpy(told.numbers, head.numbers, sizeof told.numbers);
  told.text = in.take(head.text_length);
  told.identity = in.take(head.identity_length);
  told.kept = in.take(head.kept_length);
  told.kept_anew = in.take(head.kept_anew_length);
  told.retry_after = in.take(head.retry_after_length);
  told.date = in.take(head.date_length);
  if (!is_sound(told)) return 0;
  return static_cast<std::uint32_t>(machine->machine.handle(now, told));
}

std::uint32_t bearerkit_handle_request(BearerkitMachine* machine, double now, std::uint32_t kind,
                                       std::uint32_t flags) {
  const bool known = kind <= static_cast<std::uint32_t>(RequestKind::refresh);
  return machine->machine.handle_request(
      now, known ? static_cast<RequestKind>(kind) : RequestKind::fetch, flags);
}

std::uint32_t bearerkit_handle_response(BearerkitMachine* machine, double now,
                                        std::uint32_t request, std::uint32_t status,
                                        std::uint32_t flags, std::uint32_t endpoint,
                                        std::uint32_t challenge_length) {
  // The hot path has no challenge, and nothing to wipe.
  if (challenge_length == 0) {
    return machine->machine.handle_response(now, request, status, {}, flags, endpoint);
  }
  InputScope in;
  return machine->machine.handle_response(now, request, status, in.take(challenge_length), flags,
                                          endpoint);
}

// ---- out ------------------------------------------------------------------------------------

const EffectView* bearerkit_poll_effect(BearerkitMachine* machine) {
  const Effect* const effect = machine->machine.next_effect();
  if (effect == nullptr) return nullptr;
  EffectView& view = machine->view;
  view.kind = static_cast<std::uint32_t>(effect->kind);
  std::memcpy(view.numbers, effect->numbers, sizeof view.numbers);
  view.text = shown(effect->text);
  view.access_token = shown(effect->access_token);
  view.kept = shown(effect->kept);
  return &view;
}

double bearerkit_poll_timeout(const BearerkitMachine* machine) {
  return machine->machine.poll_timeout();
}

// ---- to look at -----------------------------------------------------------------------------

const StateView* bearerkit_look(BearerkitMachine* machine) {
  const bearerkit::Machine& state = machine->machine;
  StateView& view = machine->state;
  view.bits = (state.signed_in() ? 1u : 0u) | (state.restoring() ? 2u : 0u) |
              (state.refreshing() ? 4u : 0u) | (state.knows_endpoints() ? 8u : 0u) |
              static_cast<std::uint32_t>(state.sign_out_reason()) << 8;
  view.token_version = state.token_version();
  view.access_token = shown(state.access_token());
  view.kept = shown(state.kept());
  return &view;
}

std::uint32_t bearerkit_is_clear_success(const BearerkitMachine* machine, std::uint32_t status,
                                         std::uint32_t length) {
  InputScope in;
  return machine->machine.is_clear_success(status, in.take(length)) ? 1 : 0;
}
