// Every interleaving of the small world to its end. Worlds that are the same are looked at once.
#include "exhaustive.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <utility>
#include <vector>

#include "options.h"
#include "small_world.h"

namespace bearerkit::sim {
namespace {

constexpr std::size_t kTraceLines = 4'000;

// A set of hashes, in one flat table.
class Seen {
 public:
  // False when it was there.
  bool insert(std::uint64_t hash) {
    if (hash == 0) hash = 1;
    if (size_ * 4 >= table_.size() * 3) grow();
    std::uint64_t& place = find(hash);
    if (place == hash) return false;
    place = hash;
    size_++;
    return true;
  }
  std::size_t size() const { return size_; }

 private:
  std::uint64_t& find(std::uint64_t hash) {
    std::size_t place = hash & (table_.size() - 1);
    while (table_[place] != 0 && table_[place] != hash) place = (place + 1) & (table_.size() - 1);
    return table_[place];
  }
  void grow() {
    const std::vector<std::uint64_t> before = std::exchange(table_, {});
    table_.resize(before.size() * 2);
    for (const std::uint64_t hash : before) {
      if (hash != 0) find(hash) = hash;
    }
  }

  std::vector<std::uint64_t> table_ = std::vector<std::uint64_t>(1 << 20);
  std::size_t size_ = 0;
};

class Explorer {
 public:
  explicit Explorer(const Options& options) : options_(options) {}

  int run() {
    visit(SmallWorld(options_, 0));
    std::printf("%s: %zu states, %llu transitions, %llu ends, at most %zu steps, %.1f s\n",
                failed_ ? "FAILED" : "exhaustive", seen_.size(),
                static_cast<unsigned long long>(transitions_),
                static_cast<unsigned long long>(ends_), deepest_, seconds());
    return failed_ ? 1 : 0;
  }

 private:
  void visit(const SmallWorld& state) {
    if (failed_ || !seen_.insert(state.hash())) return;
    tell();
    deepest_ = std::max(deepest_, path_.size());
    const std::vector<SmallWorld::Choice> next = state.choices();
    if (state.is_end(next)) {
      ends_++;
      if (const auto wrong = state.reckon()) return report(wrong->invariant, wrong->detail);
    }
    for (std::size_t i = 0; i < next.size() && !failed_; i++) {
      path_.push_back(static_cast<std::uint32_t>(i));
      SmallWorld after = state;
      after.take(next[i]);
      transitions_++;
      const Violation& violation = after.world().violation();
      violation.found ? report(violation.invariant, violation.detail) : visit(after);
      path_.pop_back();
    }
  }

  // The same way again, noting down what happens.
  void report(Invariant invariant, const std::string& detail) {
    failed_ = true;
    SmallWorld state(options_, kTraceLines);
    for (const std::uint32_t step : path_) state.take(state.choices()[step]);
    std::printf("\nVIOLATED %s: %s\n  %s\nall its steps:\n%s\nagain: %s\n", name_of(invariant),
                sentence_of(invariant), detail.c_str(),
                state.world().trace().text(kTraceLines).c_str(),
                command_line(options_, 1, 0).c_str());
  }

  void tell() {
    if (seen_.size() % 500'000 != 0) return;
    std::printf("  %zu states, %llu ends, %.0f s\n", seen_.size(),
                static_cast<unsigned long long>(ends_), seconds());
    std::fflush(stdout);
  }

  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }

  const Options options_;
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  Seen seen_;
  std::vector<std::uint32_t> path_;
  std::uint64_t transitions_ = 0;
  std::uint64_t ends_ = 0;
  std::size_t deepest_ = 0;
  bool failed_ = false;
};

}  // namespace

int explore(const Options& options) { return Explorer(options).run(); }

}  // namespace bearerkit::sim
