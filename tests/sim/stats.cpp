#include "stats.h"

#include <cstdio>

namespace bearerkit::sim {

void Stats::add(const Stats& other) {
  runs += other.runs;
  events += other.events;
  calls += other.calls;
  retries += other.retries;
  refreshes += other.refreshes;
  rotations += other.rotations;
  replays += other.replays;
  adoptions += other.adoptions;
  sign_ins += other.sign_ins;
  sign_outs += other.sign_outs;
  calms += other.calms;
  world_seconds += other.world_seconds;
  for (std::size_t i = 0; i < kFaults; i++) {
    faults[i] += other.faults[i];
    lost_no_grace[i] += other.lost_no_grace[i];
    lost_in_grace[i] += other.lost_in_grace[i];
    lost_after_grace[i] += other.lost_after_grace[i];
  }
  for (std::size_t i = 0; i < ends.size(); i++) ends[i] += other.ends[i];
}

namespace {

#define BEARERKIT_ENUMERATE(name) #name,
constexpr const char* kReasons[] = {BEARERKIT_SIGN_OUT_REASONS(BEARERKIT_ENUMERATE)};
#undef BEARERKIT_ENUMERATE

std::string line(const char* name, std::uint64_t value) {
  char text[100];
  std::snprintf(text, sizeof text, "  %-38s %14llu\n", name,
                static_cast<unsigned long long>(value));
  return text;
}

std::string table(const std::array<std::uint64_t, kFaults>& values) {
  std::string out;
  for (std::size_t i = 0; i < kFaults; i++) {
    if (values[i] != 0) out += line(name_of(static_cast<Fault>(i)), values[i]);
  }
  return out.empty() ? "  none\n" : out;
}

}  // namespace

std::string summary(const Stats& stats, double seconds) {
  char text[160];
  std::snprintf(
      text, sizeof text, "%llu events in %.1f s: %.0f events/s; %llu runs, %.0f days of theirs\n",
      static_cast<unsigned long long>(stats.events), seconds,
      static_cast<double>(stats.events) / seconds, static_cast<unsigned long long>(stats.runs),
      static_cast<double>(stats.world_seconds) / 86'400);
  std::string out = text;
  out += line("calls", stats.calls) + line("  of these sent again", stats.retries);
  out +=
      line("refreshes asked for", stats.refreshes) + line("  given by the server", stats.rotations);
  out += line("  given again in the grace window", stats.replays);
  out += line("taken over from another tab", stats.adoptions);
  out += line("sign-ins", stats.sign_ins) + line("sign-outs by the user", stats.sign_outs);
  out += line("times that all had to agree", stats.calms);
  out += "faults, survived but for the sessions lost below\n" + table(stats.faults);
  out += "sessions lost: token reused, no grace window, after\n" + table(stats.lost_no_grace);
  out +=
      "sessions lost: token reused inside the grace window, by a tab without a storage or one that "
      "is gone\n" +
      table(stats.lost_in_grace);
  out +=
      "sessions lost: token reused after the grace window, after\n" + table(stats.lost_after_grace);
  out += "events signedout, by reason\n";
  for (std::size_t i = 0; i < std::size(kReasons); i++) out += line(kReasons[i], stats.ends[i]);
  return out;
}

}  // namespace bearerkit::sim
