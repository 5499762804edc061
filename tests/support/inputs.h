// The machine's inputs, by name: for tests, the simulator and the fuzzers.
#pragma once

#include <cstdint>
#include <string_view>

#include "machine/effect.h"
#include "machine/input.h"

namespace bearerkit::inputs {

inline Input of(InputKind kind, std::string_view text = {}) {
  Input input;
  input.kind = kind;
  input.text = text;
  return input;
}

inline Input start(std::uint32_t flags = 0) {
  Input input = of(InputKind::start);
  input.start = {flags};
  return input;
}

inline Input abort(RequestId request) {
  Input input = of(InputKind::abort);
  input.abort = {request};
  return input;
}

inline Input transport_error(RequestId request) {
  Input input = of(InputKind::transport_error);
  input.transport_error = {request};
  return input;
}

inline Input sign_in(std::string_view json, std::string_view identity = {},
                     std::string_view kept = {}) {
  Input input = of(InputKind::sign_in, json);
  input.identity = identity;
  input.kept = kept;
  return input;
}

inline Input sign_out_answered(std::uint32_t status) {
  Input input = of(InputKind::sign_out_answered);
  input.sign_out_answered = {status};
  return input;
}

inline Input lock_granted(RunId run) {
  Input input = of(InputKind::lock_granted);
  input.lock_granted = {run};
  return input;
}

inline Input lock_unavailable(RunId run) {
  Input input = of(InputKind::lock_unavailable);
  input.lock_unavailable = {run};
  return input;
}

inline Input storage_read(ReadPurpose purpose, OperationId operation, ReadOutcome outcome,
                          std::string_view record = {}) {
  Input input = of(InputKind::storage_read, record);
  input.storage_read = {purpose, operation, outcome};
  return input;
}

inline Input storage_written(OperationId operation) {
  Input input = of(InputKind::storage_written);
  input.storage_written = {operation};
  return input;
}

inline Input token_response(RunId run, std::uint32_t status, std::string_view body,
                            std::string_view retry_after = {}, std::string_view date = {},
                            Override override_ = Override::none) {
  Input input = of(InputKind::token_response, body);
  input.token_response = {run, status, override_, 0};
  input.retry_after = retry_after;
  input.date = date;
  return input;
}

inline Input refresh_error(RunId run, Override override_ = Override::none,
                           RefreshCauseKind cause = RefreshCauseKind::network) {
  Input input = of(InputKind::refresh_error);
  input.refresh_error = {run, override_, cause};
  return input;
}

inline Input effect_failed(EffectKind effect, std::uint32_t id) {
  Input input = of(InputKind::effect_failed);
  input.effect_failed = {static_cast<std::uint32_t>(effect), id};
  return input;
}

inline Input peer_message(std::string_view message) { return of(InputKind::peer_message, message); }

inline Input wake(std::uint32_t flags) {
  Input input = of(InputKind::wake);
  input.wake = {flags};
  return input;
}

}  // namespace bearerkit::inputs
