// npm run sim: see options.cpp for what it takes, and CONTRIBUTING.md.
#include <chrono>
#include <cstdio>

#include "exhaustive.h"
#include "options.h"
#include "world.h"

namespace bearerkit::sim {
namespace {

constexpr std::uint64_t kRunLength = 200'000;
constexpr std::size_t kTraceShown = 120;
constexpr std::size_t kLongTrace = 100'000;
constexpr double kTellEvery = 5;

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

int report(const World& world, const Options& options, std::uint64_t in_all) {
  const Violation& v = world.violation();
  std::printf("\nVIOLATED %s: %s\n", name_of(v.invariant), sentence_of(v.invariant));
  const std::string where = v.tab == kWorld ? "" : "tab " + std::to_string(v.tab) + ", ";
  std::printf("  %safter %llu events, at %.3f s%s%s\n", where.c_str(),
              static_cast<unsigned long long>(v.events), static_cast<double>(v.at) / 1000,
              v.detail.empty() ? "" : ": ", v.detail.c_str());
  std::printf("  in all after %llu events\n", static_cast<unsigned long long>(in_all));
  std::fputs(describe(world.settings()).c_str(), stdout);
  std::printf("the last steps:\n%s", world.trace().text(kLongTrace).c_str());
  std::printf("\nagain: %s\n", command_line(options, world.settings().seed, v.events + 1).c_str());
  return 1;
}

int simulate(const Options& options) {
  const auto begin = std::chrono::steady_clock::now();
  Stats total;
  double told = 0;
  for (std::uint64_t seed = options.seed; total.events < options.events; seed++) {
    const std::uint64_t left = options.events - total.events;
    World world(settings_for(options, seed), options.trace ? kLongTrace : kTraceShown);
    world.run(options.swarm && left > kRunLength ? kRunLength : left);
    total.add(world.stats());
    if (world.violation().found) return report(world, options, total.events);
    if (options.trace) std::fputs(world.trace().text(kLongTrace).c_str(), stdout);
    const double now = seconds_since(begin);
    if (now - told >= kTellEvery) {
      told = now;
      std::printf("  %llu of %llu events, seed %llu, %.0f s\n",
                  static_cast<unsigned long long>(total.events),
                  static_cast<unsigned long long>(options.events),
                  static_cast<unsigned long long>(seed), now);
      std::fflush(stdout);
    }
  }
  std::fputs(summary(total, seconds_since(begin)).c_str(), stdout);
  return 0;
}

}  // namespace
}  // namespace bearerkit::sim

int main(int count, char** arguments) {
  using namespace bearerkit::sim;
  const std::optional<Options> options = read_options(count, arguments);
  if (!options) {
    std::fputs(help().c_str(), stderr);
    return 2;
  }
  if (options->help) {
    std::fputs(help().c_str(), stdout);
    return 0;
  }
  return options->exhaustive ? explore(*options) : simulate(*options);
}
