// Prints the numbers of the boundary as TypeScript: built and run natively by the build, so that
// both sides read the same lists.
#include <cstddef>
#include <cstdint>
#include <cstdio>

#include "abi.h"
#include "formats/core_limits.h"
#include "formats/error.h"
#include "formats/jwt.h"
#include "machine/record.h"
#include "machine/session_types.h"

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
  static constexpr const char* kDialects[] = {"unknown", "oauth", "json"};
  static constexpr const char* kKinds[] = {BEARERKIT_REQUEST_KINDS(BEARERKIT_NAME)};
  static constexpr const char* kPurposes[] = {BEARERKIT_READ_PURPOSES(BEARERKIT_NAME)};
  static constexpr const char* kOutcomes[] = {BEARERKIT_READ_OUTCOMES(BEARERKIT_NAME)};
  static constexpr const char* kOverrides[] = {BEARERKIT_OVERRIDES(BEARERKIT_NAME)};
  static constexpr const char* kEffects[] = {BEARERKIT_EFFECTS(BEARERKIT_NAME)};
  static constexpr const char* kEvents[] = {BEARERKIT_EVENTS(BEARERKIT_NAME)};
  static constexpr const char* kSources[] = {BEARERKIT_SIGN_IN_SOURCES(BEARERKIT_NAME)};
  static constexpr const char* kReasons[] = {BEARERKIT_SIGN_OUT_REASONS(BEARERKIT_NAME)};
  static constexpr const char* kWarnings[] = {BEARERKIT_WARNINGS(BEARERKIT_NAME)};
  static constexpr const char* kCauses[] = {BEARERKIT_TIMELINE_CAUSES(BEARERKIT_NAME)};
  print_list("ERROR_CODES", "ERROR", kErrors);
  print_list("TOKEN_PARTS", "TOKEN_PART", kParts);
  print_list("MODES", "MODE", kModes);
  print_list("DIALECTS", "DIALECT", kDialects);
  print_list("REQUEST_KINDS", "REQUEST_KIND", kKinds);
  print_list("READ_PURPOSES", "READ_PURPOSE", kPurposes);
  print_list("READ_OUTCOMES", "READ_OUTCOME", kOutcomes);
  print_list("OVERRIDES", "OVERRIDE", kOverrides);
  print_list("EFFECTS", "EFFECT", kEffects);
  print_list("EVENTS", "EVENT", kEvents);
  print_list("SIGN_IN_SOURCES", "SIGN_IN_SOURCE", kSources);
  print_list("SIGN_OUT_REASONS", "SIGN_OUT_REASON", kReasons);
  print_list("WARNINGS", "WARNING", kWarnings);
  print_list("TIMELINE_CAUSES", "TIMELINE_CAUSE", kCauses);
}

void print_bits() {
  static constexpr Flag kRequestFlags[] = {BEARERKIT_REQUEST_FLAGS(BEARERKIT_FLAG)};
  static constexpr Flag kWakeFlags[] = {BEARERKIT_WAKE_FLAGS(BEARERKIT_FLAG)};
  static constexpr Flag kVerdictFlags[] = {BEARERKIT_VERDICT_FLAGS(BEARERKIT_FLAG)};
  static constexpr Flag kFindings[] = {BEARERKIT_JWT_FINDINGS(BEARERKIT_FINDING)};
  print_flags("REQUEST_FLAGS", kRequestFlags);
  print_flags("WAKE_FLAGS", kWakeFlags);
  print_flags("VERDICT_FLAGS", kVerdictFlags);
  print_flags("FINDINGS", kFindings);
}

void print_layouts() {
  using bearerkit::abi::DecodeResult;
  using bearerkit::abi::EffectView;
#define BEARERKIT_RESULT_OFFSET(type, name) {#name, offsetof(DecodeResult, name)},
#define BEARERKIT_SETTINGS_OFFSET(name) {#name, offsetof(bearerkit::SessionConfig, name)},
#define BEARERKIT_EFFECT_OFFSET(type, name) {#name, offsetof(EffectView, name)},
  static constexpr Flag kResult[] = {
      BEARERKIT_DECODE_RESULT(BEARERKIT_RESULT_OFFSET){"size", sizeof(DecodeResult)}};
  static constexpr Flag kSettings[] = {
      BEARERKIT_SETTINGS(BEARERKIT_SETTINGS_OFFSET){"size", sizeof(bearerkit::SessionConfig)}};
  static constexpr Flag kEffect[] = {
      BEARERKIT_EFFECT_VIEW(BEARERKIT_EFFECT_OFFSET){"size", sizeof(EffectView)}};
  print_flags("DECODE_RESULT", kResult);
  print_flags("SETTINGS", kSettings);
  print_flags("EFFECT_VIEW", kEffect);
}

}  // namespace

int main() {
  std::printf("// Made by bindings/print_abi.cpp. Do not edit.\n\n");
  std::printf("export const ABI_VERSION = %u;\n", bearerkit::abi::kAbiVersion);
  std::printf("export const RECORD_VERSION = %u;\n", bearerkit::kRecordVersion);
  std::printf("export const VERDICT_ID_SHIFT = %u;\n", bearerkit::kVerdictIdShift);
  std::printf("export const MAX_TOKEN_BYTES = %zu;\n", bearerkit::limits::kMaxTokenBytes);
  std::printf("export const MAX_RESPONSE_BYTES = %zu;\n\n", bearerkit::limits::kMaxResponseBytes);
  print_names();
  print_bits();
  print_layouts();
}
