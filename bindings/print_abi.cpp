// Prints the numbers of the boundary as TypeScript: built and run natively by the build, so that
// both sides read the same lists.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <initializer_list>

#include "abi.h"
#include "formats/core_limits.h"
#include "formats/error.h"
#include "formats/jwt.h"
#include "machine/instruction.h"
#include "machine/record.h"

namespace {

struct Flag {
  const char* name;
  std::uint32_t value;
};

// `NAMES` (index is the number) and `NAME` (number by name).
template <std::size_t Count>
void print_list(const char* plural, const char* singular, const char* const (&names)[Count]) {
  std::printf("export const %s = [", plural);
  for (const char* name : names) std::printf("'%s', ", name);
  std::printf("] as const;\nexport const %s = {\n", singular);
  for (std::size_t i = 0; i < Count; i++) std::printf("  %s: %zu,\n", names[i], i);
  std::printf("} as const;\n\n");
}

template <std::size_t Count>
void print_flags(const char* plural, const Flag (&flags)[Count]) {
  std::printf("export const %s = {\n", plural);
  for (const Flag& flag : flags) std::printf("  %s: %u,\n", flag.name, flag.value);
  std::printf("} as const;\n\n");
}

#define BEARERKIT_NAME(name) #name,
#define BEARERKIT_FLAG(name, value) {#name, value},
#define BEARERKIT_FINDING(name) {#name, static_cast<std::uint32_t>(bearerkit::JwtFinding::name)},

void print_names() {
  static constexpr const char* kErrors[] = {BEARERKIT_ERROR_CODES(BEARERKIT_NAME)};
  static constexpr const char* kParts[] = {"none", "header", "payload", "signature"};
  static constexpr const char* kModes[] = {BEARERKIT_MODES(BEARERKIT_NAME)};
  static constexpr const char* kPresumptions[] = {BEARERKIT_PRESUMPTIONS(BEARERKIT_NAME)};
  static constexpr const char* kDialects[] = {BEARERKIT_DIALECTS(BEARERKIT_NAME)};
  static constexpr const char* kMethods[] = {BEARERKIT_METHODS(BEARERKIT_NAME)};
  static constexpr const char* kKinds[] = {BEARERKIT_REQUEST_KINDS(BEARERKIT_NAME)};
  static constexpr const char* kPurposes[] = {BEARERKIT_READ_PURPOSES(BEARERKIT_NAME)};
  static constexpr const char* kLeases[] = {BEARERKIT_LEASES(BEARERKIT_NAME)};
  static constexpr const char* kOutcomes[] = {BEARERKIT_READ_OUTCOMES(BEARERKIT_NAME)};
  static constexpr const char* kOverrides[] = {BEARERKIT_OVERRIDES(BEARERKIT_NAME)};
  static constexpr const char* kEffects[] = {BEARERKIT_EFFECTS(BEARERKIT_NAME)};
  static constexpr const char* kInputs[] = {BEARERKIT_INPUTS(BEARERKIT_NAME)};
  static constexpr const char* kSources[] = {BEARERKIT_SIGN_IN_SOURCES(BEARERKIT_NAME)};
  static constexpr const char* kReasons[] = {BEARERKIT_SIGN_OUT_REASONS(BEARERKIT_NAME)};
  static constexpr const char* kWarnings[] = {BEARERKIT_WARNINGS(BEARERKIT_NAME)};
  static constexpr const char* kCauses[] = {BEARERKIT_TIMELINE_CAUSES(BEARERKIT_NAME)};
  static constexpr const char* kRefreshCauses[] = {BEARERKIT_REFRESH_CAUSES(BEARERKIT_NAME)};
  static constexpr const char* kOAuthErrors[] = {BEARERKIT_OAUTH_ERRORS(BEARERKIT_NAME)};
  static constexpr const char* kWanted[] = {BEARERKIT_WANTED(BEARERKIT_NAME)};
  print_list("ERROR_CODES", "ERROR", kErrors);
  print_list("TOKEN_PARTS", "TOKEN_PART", kParts);
  print_list("WANTED_PARTS", "WANTED", kWanted);
  print_list("MODES", "MODE", kModes);
  print_list("PRESUMPTIONS", "PRESUMPTION", kPresumptions);
  print_list("DIALECTS", "DIALECT", kDialects);
  print_list("METHODS", "METHOD", kMethods);
  print_list("REQUEST_KINDS", "REQUEST_KIND", kKinds);
  print_list("READ_PURPOSES", "READ_PURPOSE", kPurposes);
  print_list("LEASES", "LEASE", kLeases);
  print_list("READ_OUTCOMES", "READ_OUTCOME", kOutcomes);
  print_list("OVERRIDES", "OVERRIDE", kOverrides);
  print_list("EFFECTS", "EFFECT", kEffects);
  print_list("INPUTS", "INPUT", kInputs);
  print_list("SIGN_IN_SOURCES", "SIGN_IN_SOURCE", kSources);
  print_list("SIGN_OUT_REASONS", "SIGN_OUT_REASON", kReasons);
  print_list("WARNINGS", "WARNING", kWarnings);
  print_list("TIMELINE_CAUSES", "TIMELINE_CAUSE", kCauses);
  print_list("REFRESH_CAUSES", "REFRESH_CAUSE", kRefreshCauses);
  print_list("OAUTH_ERRORS", "OAUTH_ERROR", kOAuthErrors);
}

void print_bits() {
  static constexpr Flag kRequestFlags[] = {BEARERKIT_REQUEST_FLAGS(BEARERKIT_FLAG)};
  static constexpr Flag kAnswerFlags[] = {BEARERKIT_ANSWER_FLAGS(BEARERKIT_FLAG)};
  static constexpr Flag kWakeFlags[] = {BEARERKIT_WAKE_FLAGS(BEARERKIT_FLAG)};
  static constexpr Flag kInstructionFlags[] = {BEARERKIT_INSTRUCTION_FLAGS(BEARERKIT_FLAG)};
  static constexpr Flag kFlaws[] = {BEARERKIT_TOKEN_FLAWS(BEARERKIT_FLAG)};
  static constexpr Flag kFindings[] = {BEARERKIT_JWT_FINDINGS(BEARERKIT_FINDING)};
  print_flags("REQUEST_FLAGS", kRequestFlags);
  print_flags("ANSWER_FLAGS", kAnswerFlags);
  print_flags("WAKE_FLAGS", kWakeFlags);
  print_flags("INSTRUCTION_FLAGS", kInstructionFlags);
  print_flags("FINDINGS", kFindings);
  print_flags("TOKEN_FLAWS", kFlaws);
}

// ---- inputs ---------------------------------------------------------------------------------

// What each kind of input has, in the order in which it stands in memory: numbers, then texts.
struct InputFields {
  const char* kind;
  const char* fields;
};

#define BEARERKIT_INPUT_FIELDS(kind, count, fields)                                 \
  static_assert(sizeof(bearerkit::Input::kind) == (count) * sizeof(std::uint32_t)); \
  print_input(bearerkit::InputKind::kind, fields)

void print_input(bearerkit::InputKind kind, const char* fields) {
  std::printf("  %u: [%s];\n", static_cast<unsigned>(kind), fields);
}

void print_inputs() {
  using bearerkit::InputKind;
  std::printf(
      "/** What each kind of INPUT is handed over with. */\nexport interface InputFields {\n");
  for (const InputKind kind :
       {InputKind::sign_out, InputKind::storage_removed, InputKind::storage_unavailable,
        InputKind::timeout, InputKind::close}) {
    print_input(kind, "");
  }
  print_input(InputKind::sign_in, "json: string, identity: string, kept: string");
  print_input(InputKind::peer_message, "message: string");
  print_input(InputKind::token_refused, "token: string");
  BEARERKIT_INPUT_FIELDS(start, 1, "flags: number");
  BEARERKIT_INPUT_FIELDS(abort, 1, "request: number");
  BEARERKIT_INPUT_FIELDS(transport_error, 1, "request: number");
  BEARERKIT_INPUT_FIELDS(sign_out_answered, 1, "status: number");
  BEARERKIT_INPUT_FIELDS(lock_granted, 1, "run: number");
  BEARERKIT_INPUT_FIELDS(lock_unavailable, 1, "run: number");
  BEARERKIT_INPUT_FIELDS(storage_read, 3,
                         "purpose: number, operation: number, outcome: number, record: string");
  BEARERKIT_INPUT_FIELDS(storage_written, 1, "operation: number");
  BEARERKIT_INPUT_FIELDS(token_response, 4,
                         "run: number, status: number, override: number, threw: number, "
                         "body: string, identity: string, kept: string, keptAnew: string, "
                         "retryAfter: string, date: string");
  BEARERKIT_INPUT_FIELDS(refresh_error, 3, "run: number, override: number, cause: number");
  BEARERKIT_INPUT_FIELDS(effect_failed, 2, "effect: number, id: number");
  BEARERKIT_INPUT_FIELDS(wake, 1, "flags: number");
  std::printf("}\n\n");
}

// ---- effects --------------------------------------------------------------------------------

// `EFFECT_FIELDS[kind].field`: where it stands in an EffectView. Times are doubles, all else is
// unsigned and of 32 bits.
struct Field {
  const char* name;
  std::size_t offset;
};

constexpr std::size_t kFieldsBegin = offsetof(bearerkit::abi::EffectView, numbers);

void print_effect(bearerkit::EffectKind kind, std::initializer_list<Field> fields) {
  std::printf("  %u: {", static_cast<unsigned>(kind));
  for (const Field& field : fields)
    std::printf(" %s: %zu,", field.name, kFieldsBegin + field.offset);
  std::printf(" },\n");
}

void print_effects() {
  using bearerkit::Effect;
  using bearerkit::EffectKind;
  std::printf("export const EFFECT_FIELDS = {\n");
  for (const EffectKind kind : {EffectKind::send, EffectKind::retry}) {
    print_effect(kind, {{"request", offsetof(Effect::Send, request)},
                        {"flags", offsetof(Effect::Send, flags)},
                        {"tokenVersion", offsetof(Effect::Send, token_version)}});
  }
  print_effect(EffectKind::deliver, {{"request", offsetof(Effect::OfRequest, request)}});
  print_effect(EffectKind::finish, {{"request", offsetof(Effect::Finish, request)},
                                    {"error", offsetof(Effect::Finish, error)},
                                    {"reason", offsetof(Effect::Finish, reason)},
                                    {"refreshCause", offsetof(Effect::Finish, cause)},
                                    {"retryAt", offsetof(Effect::Finish, retry_at)}});
  print_effect(EffectKind::acquire_lock, {{"run", offsetof(Effect::AcquireLock, run)},
                                          {"steal", offsetof(Effect::AcquireLock, steal)}});
  print_effect(EffectKind::release_lock, {{"run", offsetof(Effect::OfRun, run)}});
  print_effect(EffectKind::read_storage, {{"operation", offsetof(Effect::ReadStorage, operation)},
                                          {"purpose", offsetof(Effect::ReadStorage, purpose)}});
  print_effect(EffectKind::write_storage,
               {{"operation", offsetof(Effect::WriteStorage, operation)}});
  for (const EffectKind kind : {EffectKind::write_lease, EffectKind::remove_lease}) {
    print_effect(kind, {{"lease", offsetof(Effect::OfLease, lease)}});
  }
  print_effect(EffectKind::refresh, {{"run", offsetof(Effect::Refresh, run)},
                                     {"dialect", offsetof(Effect::Refresh, dialect)}});
  print_effect(EffectKind::cancel_refresh, {{"run", offsetof(Effect::OfRun, run)}});
  print_effect(EffectKind::revoke, {{"dialect", offsetof(Effect::Revoke, dialect)}});
  print_effect(EffectKind::signedin, {{"source", offsetof(Effect::SignedIn, source)}});
  print_effect(EffectKind::signedout, {{"reason", offsetof(Effect::SignedOut, reason)},
                                       {"refreshCause", offsetof(Effect::SignedOut, cause)}});
  print_effect(EffectKind::refreshed, {{"generation", offsetof(Effect::Refreshed, generation)},
                                       {"elsewhere", offsetof(Effect::Refreshed, elsewhere)}});
  print_effect(EffectKind::refreshfailed, {{"refreshCause", offsetof(Effect::RefreshFailed, cause)},
                                           {"retryAt", offsetof(Effect::RefreshFailed, retry_at)}});
  print_effect(EffectKind::warning, {{"code", offsetof(Effect::Warned, code)},
                                     {"flaws", offsetof(Effect::Warned, flaws)}});
  print_effect(EffectKind::challenge, {{"maxAge", offsetof(Effect::Challenge, max_age)}});
  print_effect(EffectKind::timeline, {{"cause", offsetof(Effect::Timeline, cause)},
                                      {"request", offsetof(Effect::Timeline, request)},
                                      {"generation", offsetof(Effect::Timeline, generation)},
                                      {"answer", offsetof(Effect::Timeline, answer)},
                                      {"at", offsetof(Effect::Timeline, at)}});
  std::printf("} as const;\n\n");
}

// ---- layouts --------------------------------------------------------------------------------

void print_layouts() {
  using bearerkit::abi::DecodeResult;
  using bearerkit::abi::EffectView;
  using bearerkit::abi::InputHead;
  using bearerkit::abi::StateView;
#define BEARERKIT_RESULT_OFFSET(type, name) {#name, offsetof(DecodeResult, name)},
#define BEARERKIT_SETTINGS_OFFSET(name) {#name, offsetof(bearerkit::Settings, name)},
  static constexpr Flag kResult[] = {
      BEARERKIT_DECODE_RESULT(BEARERKIT_RESULT_OFFSET){"size", sizeof(DecodeResult)}};
  static constexpr Flag kSettings[] = {
      BEARERKIT_SETTINGS(BEARERKIT_SETTINGS_OFFSET){"size", sizeof(bearerkit::Settings)}};
  static constexpr Flag kInput[] = {{"kind", offsetof(InputHead, kind)},
                                    {"numbers", offsetof(InputHead, numbers)},
                                    {"lengths", offsetof(InputHead, text_length)},
                                    {"size", sizeof(InputHead)}};
  static constexpr Flag kEffect[] = {{"kind", offsetof(EffectView, kind)},
                                     {"text_address", offsetof(EffectView, text)},
                                     {"token_address", offsetof(EffectView, access_token)},
                                     {"kept_address", offsetof(EffectView, kept)}};
  static constexpr Flag kState[] = {{"bits", offsetof(StateView, bits)},
                                    {"token_version", offsetof(StateView, token_version)},
                                    {"access_token", offsetof(StateView, access_token)},
                                    {"kept", offsetof(StateView, kept)}};
  print_flags("DECODE_RESULT", kResult);
  print_flags("SETTINGS", kSettings);
  print_flags("INPUT_HEAD", kInput);
  print_flags("EFFECT_VIEW", kEffect);
  print_flags("STATE_VIEW", kState);
}

// What decoding without the core needs to know, too: a file of its own.
void print_limits() {
  std::printf("export const MAX_TOKEN_BYTES = %zu;\n", bearerkit::limits::kMaxTokenBytes);
  std::printf("export const MAX_JSON_DEPTH = %zu;\n", bearerkit::limits::kMaxJsonDepth);
}

void print_boundary() {
  std::printf("export const ABI_VERSION = %u;\n", bearerkit::abi::kAbiVersion);
  std::printf("export const RECORD_VERSION = %u;\n", bearerkit::kRecordVersion);
  std::printf("export const METHOD_SHIFT = %u;\n", bearerkit::kMethodShift);
  std::printf("export const METHOD_BITS = %u;\n", bearerkit::kMethodBits);
  std::printf("export const OTHER_METHOD = %u;\n", bearerkit::kOtherMethod);
  std::printf("export const INSTRUCTION_ID_SHIFT = %u;\n", bearerkit::kInstructionIdShift);
  std::printf("export const USUAL_INPUT_BYTES = %u;\n", bearerkit::abi::kUsualInputBytes);
  std::printf("export const MAX_RESPONSE_BYTES = %zu;\n\n", bearerkit::limits::kMaxResponseBytes);
  print_names();
  print_bits();
  print_inputs();
  print_effects();
  print_layouts();
}

}  // namespace

// print_abi [limits]
int main(int count, char** /*words*/) {
  std::printf("// Made by bindings/print_abi.cpp. Do not edit.\n\n");
  if (count > 1) {
    print_limits();
  } else {
    print_boundary();
  }
}
