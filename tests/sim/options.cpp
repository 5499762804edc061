#include "options.h"

#include <charconv>
#include <cstdio>
#include <string_view>

#include "invariants.h"

namespace bearerkit::sim {
namespace {

constexpr const char* kModes[] = {"bearer", "hybrid", "cookie"};
constexpr const char* kStorages[] = {"memory", "per_tab", "shared", "shared_async"};
constexpr const char* kLocks[] = {"web", "none"};
constexpr const char* kFunctions[] = {"an endpoint", "a function", "a function that hears no end"};
constexpr const char* kLifeTold[] = {"expires_in", "exp and iat", "exp", "nothing"};

template <std::size_t size>
std::optional<std::size_t> find(const char* const (&names)[size], std::string_view name) {
  for (std::size_t i = 0; i < size; i++) {
    if (names[i] == name) return i;
  }
  return std::nullopt;
}

template <typename Enum>
std::optional<Enum> find_enum(std::size_t first, std::size_t end, std::string_view name) {
  for (std::size_t i = first; i < end; i++) {
    if (name_of(static_cast<Enum>(i)) == name) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return value;
}

bool read_flag(Options& options, std::string_view name) {
  if (name == "--swarm") return options.swarm = true;
  if (name == "--trace") return options.trace = true;
  if (name == "--exhaustive") return options.exhaustive = true;
  if (name == "--help") return options.help = true;
  if (name == "--no-faults") return !(options.faults = false);
  return false;
}

bool read_number(Options& options, std::string_view name, std::string_view text) {
  const std::optional<std::uint64_t> value = number(text);
  if (!value) return false;
  if (name == "--seed") {
    options.seed = *value;
  } else if (name == "--events") {
    options.events = *value;
  } else if (name == "--tabs" && *value >= 1 && *value <= kMaxTabs) {
    options.tabs = static_cast<std::uint32_t>(*value);
  } else if (name == "--grace") {
    options.grace = static_cast<Time>(*value);
  } else if (name == "--lag") {
    options.lag = static_cast<Time>(*value);
  } else {
    return false;
  }
  return true;
}

bool read_name(Options& options, std::string_view name, std::string_view value) {
  if (const auto mode = find(kModes, value); mode && name == "--mode") {
    options.mode = static_cast<Mode>(*mode);
  } else if (const auto storage = find(kStorages, value); storage && name == "--storage") {
    options.storage = static_cast<StorageKind>(*storage);
  } else if (const auto locks = find(kLocks, value); locks && name == "--locks") {
    options.locks = *locks == 0;
  } else if (const auto fault = find_enum<Fault>(1, kFaults, value); fault && name == "--without") {
    options.without[static_cast<std::size_t>(*fault)] = true;
  } else if (fault && name == "--with") {
    options.with[static_cast<std::size_t>(*fault)] = true;
  } else if (const auto invariant = find_enum<Invariant>(0, kInvariants, value);
             invariant && (name == "--ignore" || name == "--check")) {
    std::uint64_t& set = name == "--check" ? options.checked : options.ignored;
    set |= std::uint64_t{1} << static_cast<unsigned>(*invariant);
  } else {
    return false;
  }
  return true;
}

}  // namespace

std::optional<Options> read_options(int count, char** arguments) {
  Options options;
  for (int i = 1; i < count; i++) {
    const std::string_view name = arguments[i];
    if (read_flag(options, name)) continue;
    if (++i == count) return std::nullopt;
    if (!read_number(options, name, arguments[i]) && !read_name(options, name, arguments[i])) {
      return std::nullopt;
    }
  }
  return options;
}

std::string help() {
  std::string out =
      "usage: npm run sim -- [--seed S] [--events N] [--tabs T] [--swarm] [--trace]\n"
      "                      [--mode bearer|hybrid|cookie] [--storage STORAGE] [--lag MS]\n"
      "                      [--locks web|none] [--grace MS]\n"
      "                      [--no-faults] [--without FAULT] [--ignore INVARIANT]\n"
      "                      [--with FAULT] [--check INVARIANT]\n"
      "       npm run sim -- --exhaustive [--mode M] [--storage S] [--locks L] [--grace MS]\n"
      "\n"
      "  --seed S        what the run follows from, on every machine; 1\n"
      "  --events N      how long it goes on; 1000000\n"
      "  --swarm         N events in runs of 200000, of the seeds S, S + 1, …, each with fault "
      "rates\n"
      "                  of its own\n"
      "  --trace         note down up to 100000 steps, and print them; without it the last 120 "
      "steps\n"
      "                  before a violation are printed\n"
      "  --exhaustive    every interleaving of a small world instead\n"
      "These follow from the seed where they are not given:\n"
      "  --tabs T        1 to 8; up to 20 may be asked for\n"
      "  --mode          bearer: both tokens in the page; hybrid: the refresh token in a cookie;\n"
      "                  cookie: both\n"
      "  --storage       memory: each tab's own; per_tab: that outlives a reload "
      "(sessionStorage);\n"
      "                  shared: localStorage; shared_async: an app's own, with promises\n"
      "  --lag MS        localStorage: other tabs see a write up to so much later; 0 or 10\n"
      "  --locks         web: Web Locks; none: the lease in the storage\n"
      "  --grace MS      the server gives the successor of a refresh token again for so long\n"
      "To look closer:\n"
      "  --no-faults     nothing goes wrong\n"
      "  --without F     fault F does not happen\n"
      "  --ignore I      invariant I is not looked at\n"
      "What the core is not made for yet (settings.cpp has the list):\n"
      "  --with F        fault F happens all the same\n"
      "  --check I       invariant I is looked at all the same\n"
      "\nfaults:";
  for (std::size_t i = 1; i < kFaults; i++) {
    out += i % 8 == 1 ? "\n  " : " ";
    out += name_of(static_cast<Fault>(i));
  }
  out += "\n\ninvariants:\n";
  for (std::size_t i = 0; i < kInvariants; i++) {
    char line[200];
    std::snprintf(line, sizeof line, "  %-22s %s\n", name_of(static_cast<Invariant>(i)),
                  sentence_of(static_cast<Invariant>(i)));
    out += line;
  }
  return out;
}

std::string command_line(const Options& options, std::uint64_t seed, std::uint64_t events) {
  std::string out = "npm run sim -- ";
  if (options.exhaustive) {
    out += "--exhaustive";
  } else {
    out += "--seed " + std::to_string(seed) + " --events " + std::to_string(events);
  }
  if (options.swarm) out += " --swarm";
  if (options.tabs != 0) out += " --tabs " + std::to_string(options.tabs);
  if (options.mode) out += std::string(" --mode ") + kModes[static_cast<int>(*options.mode)];
  if (options.storage) {
    out += std::string(" --storage ") + kStorages[static_cast<int>(*options.storage)];
  }
  if (options.locks) out += std::string(" --locks ") + kLocks[*options.locks ? 0 : 1];
  if (options.lag) out += " --lag " + std::to_string(*options.lag);
  if (options.grace) out += " --grace " + std::to_string(*options.grace);
  if (!options.faults) out += " --no-faults";
  for (std::size_t i = 0; i < kInvariants; i++) {
    const char* const name = name_of(static_cast<Invariant>(i));
    if ((options.ignored >> i & 1) != 0) out += std::string(" --ignore ") + name;
    if ((options.checked >> i & 1) != 0) out += std::string(" --check ") + name;
  }
  for (std::size_t i = 0; i < kFaults; i++) {
    const char* const name = name_of(static_cast<Fault>(i));
    if (options.without[i]) out += std::string(" --without ") + name;
    if (options.with[i]) out += std::string(" --with ") + name;
  }
  return out;
}

std::string describe(const WorldSettings& s) {
  char text[500];
  std::snprintf(
      text, sizeof text,
      "  seed %llu: %u tab%s, %s, storage %s (lag %lld ms), locks %s, grace %lld ms\n"
      "  access tokens of %lld ms, of which is told: %s%s; refresh tokens %s, from %s%s%s\n",
      static_cast<unsigned long long>(s.seed), s.tabs, s.tabs == 1 ? "" : "s",
      kModes[static_cast<int>(s.mode)], kStorages[static_cast<int>(s.storage)],
      static_cast<long long>(s.lag), kLocks[s.locks ? 0 : 1],
      static_cast<long long>(s.server.grace), static_cast<long long>(s.server.access_life),
      kLifeTold[static_cast<int>(s.server.life_told)],
      s.server.date_error != 0 && s.server.tells_date ? ", and a wrong Date" : "",
      !s.server.rotates      ? "stay the same"
      : s.server.ends_reused ? "rotate"
                             : "rotate, and may come again",
      kFunctions[static_cast<int>(s.function)], s.client.keep_alive != 0 ? "; keepAlive" : "",
      s.wrong_clocks ? "; wrong clocks" : "");
  std::string out = text;
  if (s.server.names_users) out += "  access tokens say whose they are\n";
  if (s.server.redeem_latency > 0) {
    out += "  a refresh takes " + std::to_string(s.server.redeem_latency) + " ms at least\n";
  }
  return out;
}

}  // namespace bearerkit::sim
