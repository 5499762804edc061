#include "trace.h"

#include <algorithm>
#include <cstdio>

#include "invariants.h"
#include "settings.h"

namespace bearerkit::sim {
namespace {

#define BEARERKIT_SIM_ENUMERATE(name, text) text,
constexpr const char* kFormats[] = {BEARERKIT_SIM_NOTES(BEARERKIT_SIM_ENUMERATE)};
constexpr const char* kSentences[] = {BEARERKIT_SIM_INVARIANTS(BEARERKIT_SIM_ENUMERATE)};
#undef BEARERKIT_SIM_ENUMERATE
#define BEARERKIT_SIM_ENUMERATE(name, text) #name,
constexpr const char* kInvariantNames[] = {BEARERKIT_SIM_INVARIANTS(BEARERKIT_SIM_ENUMERATE)};
#undef BEARERKIT_SIM_ENUMERATE
#define BEARERKIT_SIM_ENUMERATE(name) #name,
constexpr const char* kFaultNames[] = {"none", BEARERKIT_SIM_FAULTS(BEARERKIT_SIM_ENUMERATE)};
#undef BEARERKIT_SIM_ENUMERATE

}  // namespace

const char* name_of(Fault fault) { return kFaultNames[static_cast<std::size_t>(fault)]; }
const char* name_of(Invariant invariant) {
  return kInvariantNames[static_cast<std::size_t>(invariant)];
}
const char* sentence_of(Invariant invariant) {
  return kSentences[static_cast<std::size_t>(invariant)];
}

std::string Trace::text(std::size_t most) const {
  std::string out;
  const std::size_t have = std::min<std::uint64_t>(added_, lines_.size());
  const std::size_t count = std::min(most, have);
  for (std::size_t i = 0; i < count; i++) {
    const Line& line = lines_[(next_ + lines_.size() - count + i) % lines_.size()];
    char text[200];
    if (line.tab == kWorld) {
      std::snprintf(text, sizeof text, "%12.3f          ", static_cast<double>(line.at) / 1000);
    } else {
      std::snprintf(text, sizeof text, "%12.3f  tab %u   ", static_cast<double>(line.at) / 1000,
                    static_cast<unsigned>(line.tab));
    }
    out += text;
    if (line.note == Note::fault) {
      out += "FAULT ";
      out += name_of(static_cast<Fault>(line.a));
    } else {
      // The formats are those of the list above; surplus arguments are ignored.
      const char* format = kFormats[static_cast<std::size_t>(line.note)];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
      std::snprintf(text, sizeof text, format, static_cast<unsigned long long>(line.a),
                    static_cast<unsigned long long>(line.b),
                    static_cast<unsigned long long>(line.c));
#pragma GCC diagnostic pop
      out += text;
    }
    out += '\n';
  }
  return out;
}

}  // namespace bearerkit::sim
