#include "stats.h"

#include <cstdio>
#include <numeric>

#include "machine/effect.h"

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
  lost_to_faults += other.lost_to_faults;
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

// How often each happened, and what it cost.
std::string table_of_faults(const Stats& stats) {
  std::string out =
      "faults survived, by kind                      times   sessions lost: no grace,  in it,  "
      "after it\n";
  for (std::size_t i = 0; i < kFaults; i++) {
    const std::uint64_t lost =
        stats.lost_no_grace[i] + stats.lost_in_grace[i] + stats.lost_after_grace[i];
    if (stats.faults[i] == 0 && lost == 0) continue;
    char text[160];
    std::snprintf(text, sizeof text, "  %-38s %12llu", name_of(static_cast<Fault>(i)),
                  static_cast<unsigned long long>(stats.faults[i]));
    out += text;
    if (lost != 0) {
      std::snprintf(text, sizeof text, " %24llu %7llu %10llu",
                    static_cast<unsigned long long>(stats.lost_no_grace[i]),
                    static_cast<unsigned long long>(stats.lost_in_grace[i]),
                    static_cast<unsigned long long>(stats.lost_after_grace[i]));
      out += text;
    }
    out += '\n';
  }
  return out;
}

std::uint64_t sum(const std::array<std::uint64_t, kFaults>& values) {
  return std::accumulate(values.begin(), values.end(), std::uint64_t{0});
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
  out += table_of_faults(stats);
  out += "sessions lost because a refresh token came twice\n";
  out += line("no grace window", sum(stats.lost_no_grace));
  out += line("after the grace window", sum(stats.lost_after_grace));
  out += line("inside it: to faults", stats.lost_to_faults);
  out += line("inside it: nobody knew the newest token",
              sum(stats.lost_in_grace) - stats.lost_to_faults);
  out += "events signedout, by reason\n";
  for (std::size_t i = 1; i < std::size(kReasons); i++) out += line(kReasons[i], stats.ends[i]);
  return out;
}

}  // namespace bearerkit::sim
