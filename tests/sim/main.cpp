// npm run sim: see docs in scripts/sim.mjs and CONTRIBUTING.md.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "exhaustive.h"
#include "world.h"

namespace bearerkit::sim {
namespace {

constexpr std::uint64_t kRunLength = 200'000;
constexpr std::size_t kTraceShown = 120;
constexpr std::size_t kLongTrace = 100'000;  // with --trace

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

constexpr const char* kModes[] = {"bearer", "hybrid", "cookie"};
constexpr const char* kLocks[] = {"web", "none"};
constexpr const char* kStorages[] = {"memory", "per_tab", "shared", "shared_async"};

int usage() {
  std::fputs(
      "usage: sim [--seed S] [--events N] [--tabs T] [--mode bearer|hybrid|cookie]\n"
      "           [--storage memory|per_tab|shared|shared_async] [--grace MS] [--no-faults]\n"
      "           [--without FAULT] [--ignore INVARIANT] [--swarm] [--trace]\n"
      "       sim --exhaustive [--mode M] [--storage S] [--grace MS]\n"
      "One seed is one run of N events. With --swarm N events are split into runs of seed S, S + "
      "1,\n"
      "…, each with fault rates of its own.\n",
      stderr);
  return 2;
}

void describe(const Settings& s) {
  std::printf(
      "  seed %llu: %u tabs, %s, storage %s, grace %lld ms, access token %lld ms, "
      "rotates %d, life told %d, keep-alive %d, wrong clocks %d, locks %s, lag %lld ms\n",
      static_cast<unsigned long long>(s.seed), s.tabs, kModes[static_cast<int>(s.mode)],
      kStorages[static_cast<int>(s.storage)], static_cast<long long>(s.server.grace),
      static_cast<long long>(s.server.access_life), s.server.rotates,
      static_cast<int>(s.server.life_told), s.client.keep_alive, s.wrong_clocks,
      kLocks[s.locks ? 0 : 1], static_cast<long long>(s.lag));
}

int report(const World& world, const Options& options, std::uint64_t in_all) {
  const Violation& v = world.violation();
  std::printf("\nVIOLATED %s: %s\n", name_of(v.invariant), sentence_of(v.invariant));
  std::printf("  tab %u, after %llu events, at %.3f s%s%s\n", v.tab,
              static_cast<unsigned long long>(v.events), static_cast<double>(v.at) / 1000,
              v.detail.empty() ? "" : ": ", v.detail.c_str());
  std::printf("  in all after %llu events\n", static_cast<unsigned long long>(in_all));
  describe(world.settings());
  std::printf("the last steps:\n%s",
              world.trace().text(options.trace ? kLongTrace : kTraceShown).c_str());
  std::printf("\nagain: npm run sim -- --seed %llu --events %llu%s",
              static_cast<unsigned long long>(world.settings().seed),
              static_cast<unsigned long long>(v.events + 1), options.swarm ? " --swarm" : "");
  if (options.tabs != 0) std::printf(" --tabs %u", options.tabs);
  if (options.mode) std::printf(" --mode %s", kModes[static_cast<int>(*options.mode)]);
  if (options.storage) std::printf(" --storage %s", kStorages[static_cast<int>(*options.storage)]);
  if (options.grace) std::printf(" --grace %lld", static_cast<long long>(*options.grace));
  if (options.locks) std::printf(" --locks %s", kLocks[*options.locks ? 0 : 1]);
  if (options.lag) std::printf(" --lag %lld", static_cast<long long>(*options.lag));
  if (!options.faults) std::printf(" --no-faults");
  for (std::size_t i = 0; i < kInvariants; i++) {
    if ((options.ignored >> i & 1) != 0) {
      std::printf(" --ignore %s", name_of(static_cast<Invariant>(i)));
    }
  }
  for (std::size_t i = 0; i < kFaults; i++) {
    if (options.without[i]) std::printf(" --without %s", name_of(static_cast<Fault>(i)));
  }
  std::printf("\n");
  return 1;
}

int simulate(const Options& options) {
  const auto begin = std::chrono::steady_clock::now();
  Stats total;
  double told = 0;
  for (std::uint64_t seed = options.seed; total.events < options.events; seed++) {
    const std::uint64_t left = options.events - total.events;
    World world(settle(options, seed), options.trace ? kLongTrace : kTraceShown);
    world.run(options.swarm && left > kRunLength ? kRunLength : left);
    total.add(world.stats());
    if (world.violation().found) return report(world, options, total.events);
    if (options.trace) std::fputs(world.trace().text(kLongTrace).c_str(), stdout);
    const double now = seconds_since(begin);
    if (now - told >= 5) {
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

template <std::size_t size>
int find_name(const char* const (&names)[size], const char* name) {
  for (std::size_t i = 0; i < size; i++) {
    if (std::strcmp(names[i], name) == 0) return static_cast<int>(i);
  }
  return -1;
}

std::size_t find_invariant(const char* name) {
  std::size_t i = 0;
  while (i < kInvariants && std::strcmp(name_of(static_cast<Invariant>(i)), name) != 0) i++;
  return i;
}

std::size_t find_fault(const char* name) {
  for (std::size_t i = 1; i < kFaults; i++) {
    if (std::strcmp(name_of(static_cast<Fault>(i)), name) == 0) return i;
  }
  return 0;
}

}  // namespace
}  // namespace bearerkit::sim

int main(int count, char** arguments) {
  using namespace bearerkit::sim;
  Options options;
  bool exhaustive = false;
  for (int i = 1; i < count; i++) {
    const std::string_view name = arguments[i];
    if (name == "--swarm") {
      options.swarm = true;
    } else if (name == "--trace") {
      options.trace = true;
    } else if (name == "--exhaustive") {
      exhaustive = true;
    } else if (name == "--no-faults") {
      options.faults = false;
    } else if (i + 1 == count) {
      return usage();
    } else {
      const char* value = arguments[++i];
      const std::uint64_t number = std::strtoull(value, nullptr, 10);
      if (name == "--seed") {
        options.seed = number;
      } else if (name == "--events") {
        options.events = number;
      } else if (name == "--tabs" && number >= 1 && number <= kMaxTabs) {
        options.tabs = static_cast<std::uint32_t>(number);
      } else if (name == "--mode" && find_name(kModes, value) >= 0) {
        options.mode = static_cast<bearerkit::Mode>(find_name(kModes, value));
      } else if (name == "--storage" && find_name(kStorages, value) >= 0) {
        options.storage = static_cast<StorageKind>(find_name(kStorages, value));
      } else if (name == "--grace") {
        options.grace = static_cast<Time>(number);
      } else if (name == "--locks" && find_name(kLocks, value) >= 0) {
        options.locks = find_name(kLocks, value) == 0;
      } else if (name == "--lag") {
        options.lag = static_cast<Time>(number);
      } else if (name == "--without" && find_fault(value) != 0) {
        options.without[find_fault(value)] = true;
      } else if (name == "--ignore" && find_invariant(value) < kInvariants) {
        options.ignored |= std::uint64_t{1} << find_invariant(value);
      } else {
        return usage();
      }
    }
  }
  return exhaustive ? explore(options) : simulate(options);
}
