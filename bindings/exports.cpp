#include "exports.h"

#include <cstring>
#include <memory>
#include <new>
#include <string_view>

#include "formats/core_limits.h"
#include "formats/jwt.h"
#include "formats/origin.h"
#include "machine/session.h"

namespace bearerkit::abi {

struct Client {
  explicit Client(const SessionConfig& config) : session(config) {}
  Session session;
  OriginList origins;
  Effect effect;  // the one that `view` shows
  EffectView view;
};

namespace {

std::uint32_t address(const char* data) {
  return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(data));
}

// Through a volatile pointer, so that it is not optimised away.
void wipe(char* data, std::size_t length) {
  volatile char* byte = data;
  for (std::size_t i = 0; i < length; i++) byte[i] = 0;
}

void wipe(std::string& text) {
  wipe(text.data(), text.size());
  text.clear();
}

// The input area. Grows to what is asked for, and goes back to its usual size after a large input.
class Input {
 public:
  char* reserve(std::uint32_t size) {
    constexpr std::size_t kUsual = 16 * 1024;
    if (size > limits::kMaxResponseBytes) return nullptr;
    const std::size_t wanted = size < kUsual ? kUsual : size;
    if (wanted != capacity_) {
      wipe(data_.get(), capacity_);  // a token may have been begun here and found too long
      data_.reset(new char[wanted]);
      capacity_ = wanted;
    }
    size_ = size;
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

  void clear() {
    wipe(data_.get(), size_);
    size_ = 0;
    taken_ = 0;
  }

 private:
  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
  std::size_t taken_ = 0;
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
  wipe(decoded.header);
  wipe(decoded.payload);
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

void set_header() {
  result.header_address = address(decoded.header.data());
  result.header_length = static_cast<std::uint32_t>(decoded.header.size());
}

// False for what no client can mean; TypeScript has checked it by name before.
bool is_sound(const SessionConfig& config) {
  for (const double length : {config.leeway, config.refresh_margin, config.refresh_timeout,
                              config.lock_timeout, config.storage_timeout, config.settle_time}) {
    if (!(length >= 0 && length < kNever)) return false;
  }
  return config.mode <= Mode::cookie && config.dialect <= Dialect::json;
}

Override to_override(std::uint32_t value) {
  return value <= static_cast<std::uint32_t>(Override::terminal) ? static_cast<Override>(value)
                                                                 : Override::none;
}

}  // namespace
}  // namespace bearerkit::abi

using namespace bearerkit;       // NOLINT(google-build-using-namespace): the exports' own file
using namespace bearerkit::abi;  // NOLINT(google-build-using-namespace)

std::uint32_t bearerkit_abi_version() { return kAbiVersion; }

char* bearerkit_input(std::uint32_t size) { return input.reserve(size); }

// ---- decoding -------------------------------------------------------------------------------

const DecodeResult* bearerkit_decode_jwt(std::uint32_t length, std::uint32_t header_only) {
  InputScope in;
  forget();
  const std::string_view token = in.take(length);
  if (header_only != 0) {
    Result<std::string> header = decode_protected_header(token);
    if (!header) return fail(header.error());
    decoded.header = std::move(*header);
    set_header();
    return &result;
  }
  if (const Error error = decode_jwt(token, decoded)) {
    forget();
    return fail(error);
  }
  set_header();
  result.payload_address = address(decoded.payload.data());
  result.payload_length = static_cast<std::uint32_t>(decoded.payload.size());
  result.signature_length = static_cast<std::uint32_t>(decoded.signature_bytes);
  result.findings = decoded.findings;
  set_times(decoded.times);
  return &result;
}

std::uint32_t bearerkit_is_expired(std::uint32_t length, double now, double leeway) {
  InputScope in;
  forget();
  const Result<TimeClaims> times = decode_time_claims(in.take(length));
  if (!times) {
    fail(times.error());
    return 2;
  }
  return is_expired(times->exp, now, leeway) ? 1 : 0;
}

const DecodeResult* bearerkit_last_result() { return &result; }

void bearerkit_forget() { forget(); }

// ---- a client -------------------------------------------------------------------------------

BearerkitClient* bearerkit_client_create(std::uint32_t length) {
  InputScope in;
  const std::string_view bytes = in.take(length);
  SessionConfig config;
  if (bytes.size() != sizeof config) return nullptr;
  std::memcpy(&config, bytes.data(), sizeof config);
  return is_sound(config) ? new Client(config) : nullptr;
}

void bearerkit_client_destroy(BearerkitClient* client) { delete client; }

void bearerkit_own_origin(BearerkitClient* client, std::uint32_t length) {
  InputScope in;
  client->origins.set_own(in.take(length));
}

std::uint32_t bearerkit_add_origin(BearerkitClient* client, std::uint32_t length) {
  InputScope in;
  return static_cast<std::uint32_t>(client->origins.add(in.take(length)).code);
}

std::uint32_t bearerkit_allows_origin(const BearerkitClient* client, std::uint32_t length) {
  InputScope in;
  return client->origins.allows(in.take(length)) ? 1 : 0;
}

void bearerkit_set_timeline(BearerkitClient* client, std::uint32_t on) {
  client->session.set_timeline(on != 0);
}

// ---- in -------------------------------------------------------------------------------------

void bearerkit_handle_start(BearerkitClient* client, double now) {
  client->session.handle_start(now);
}

std::uint32_t bearerkit_handle_request(BearerkitClient* client, double now, std::uint32_t kind,
                                       std::uint32_t flags) {
  const bool known = kind <= static_cast<std::uint32_t>(RequestKind::refresh);
  return client->session.handle_request(
      now, known ? static_cast<RequestKind>(kind) : RequestKind::fetch, flags);
}

std::uint32_t bearerkit_handle_response(BearerkitClient* client, double now, std::uint32_t request,
                                        std::uint32_t status, std::uint32_t final_origin_allowed,
                                        std::uint32_t challenge_length) {
  // The hot path has no challenge, and nothing to wipe.
  if (challenge_length == 0) {
    return client->session.handle_response(now, request, status, {}, final_origin_allowed != 0);
  }
  InputScope in;
  return client->session.handle_response(now, request, status, in.take(challenge_length),
                                         final_origin_allowed != 0);
}

void bearerkit_handle_transport_error(BearerkitClient* client, double now, std::uint32_t request) {
  client->session.handle_transport_error(now, request);
}

void bearerkit_handle_abort(BearerkitClient* client, double now, std::uint32_t request) {
  client->session.handle_abort(now, request);
}

std::uint32_t bearerkit_handle_sign_in(BearerkitClient* client, double now, std::uint32_t length) {
  InputScope in;
  return static_cast<std::uint32_t>(client->session.handle_sign_in(now, in.take(length)).code);
}

void bearerkit_handle_sign_out(BearerkitClient* client, double now) {
  client->session.handle_sign_out(now);
}

void bearerkit_handle_lock_granted(BearerkitClient* client, double now, std::uint32_t ticket) {
  client->session.handle_lock_granted(now, ticket);
}

void bearerkit_handle_lock_unavailable(BearerkitClient* client, double now, std::uint32_t ticket) {
  client->session.handle_lock_unavailable(now, ticket);
}

void bearerkit_handle_storage_read(BearerkitClient* client, double now, std::uint32_t purpose,
                                   std::uint32_t ticket, std::uint32_t outcome,
                                   std::uint32_t length) {
  InputScope in;
  if (purpose > static_cast<std::uint32_t>(ReadPurpose::lease)) return;
  const bool known = outcome <= static_cast<std::uint32_t>(ReadOutcome::failed);
  client->session.handle_storage_read(
      now, static_cast<ReadPurpose>(purpose), ticket,
      known ? static_cast<ReadOutcome>(outcome) : ReadOutcome::failed, in.take(length));
}

void bearerkit_handle_storage_written(BearerkitClient* client, double now, std::uint32_t ticket) {
  client->session.handle_storage_written(now, ticket);
}

void bearerkit_handle_storage_unavailable(BearerkitClient* client, double now) {
  client->session.handle_storage_unavailable(now);
}

void bearerkit_handle_token_response(BearerkitClient* client, double now, std::uint32_t ticket,
                                     std::uint32_t status, std::uint32_t override_,
                                     std::uint32_t body_length, std::uint32_t retry_after_length,
                                     std::uint32_t date_length) {
  InputScope in;
  RefreshAnswer answer;
  answer.status = status;
  answer.override_ = to_override(override_);
  answer.body = in.take(body_length);
  answer.retry_after = in.take(retry_after_length);
  answer.date = in.take(date_length);
  client->session.handle_token_response(now, ticket, answer);
}

void bearerkit_handle_refresh_error(BearerkitClient* client, double now, std::uint32_t ticket,
                                    std::uint32_t override_) {
  client->session.handle_refresh_error(now, ticket, to_override(override_));
}

void bearerkit_handle_peer_message(BearerkitClient* client, double now, std::uint32_t length) {
  InputScope in;
  client->session.handle_peer_message(now, in.take(length));
}

void bearerkit_handle_wake(BearerkitClient* client, double now, std::uint32_t flags) {
  client->session.handle_wake(now, flags);
}

void bearerkit_handle_timeout(BearerkitClient* client, double now) {
  client->session.handle_timeout(now);
}

void bearerkit_handle_close(BearerkitClient* client, double now) {
  client->session.handle_close(now);
}

// ---- out ------------------------------------------------------------------------------------

const EffectView* bearerkit_poll_effect(BearerkitClient* client) {
  Effect& effect = client->effect;
  wipe(effect.data);  // it may have held a token
  if (!client->session.poll_effect(effect)) return nullptr;
  EffectView& view = client->view;
  view.at = effect.at;
  view.kind = static_cast<std::uint32_t>(effect.kind);
  view.request = effect.request;
  view.flags = effect.flags;
  view.code = effect.code;
  view.ticket = effect.ticket;
  view.generation = effect.generation;
  view.data_address = address(effect.data.data());
  view.data_length = static_cast<std::uint32_t>(effect.data.size());
  return &view;
}

double bearerkit_poll_timeout(const BearerkitClient* client) {
  return client->session.poll_timeout();
}

// ---- to look at -----------------------------------------------------------------------------

std::uint32_t bearerkit_state(const BearerkitClient* client) {
  const Session& session = client->session;
  return (session.signed_in() ? 1u : 0u) | (session.started() ? 2u : 0u) |
         (session.busy() ? 4u : 0u);
}

std::uint32_t bearerkit_token_version(const BearerkitClient* client) {
  return client->session.token_version();
}

const char* bearerkit_access_token(const BearerkitClient* client) {
  return client->session.access_token().data();
}

std::uint32_t bearerkit_access_token_length(const BearerkitClient* client) {
  return static_cast<std::uint32_t>(client->session.access_token().size());
}
