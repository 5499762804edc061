// The small world of the exhaustive mode: 2 tabs that share a session, 2 requests, 1 expiry, 1
// fault of any kind at any moment. What is under way may come in any order (messages of one tab to
// the other keep theirs); timers fire when nothing else is left to happen, or early as a fault.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "world.h"

namespace bearerkit::sim {

class SmallWorld {
 public:
  // What may happen once, besides what is under way.
  enum class Move : std::uint8_t {
    event,        // one that is under way, by its place
    request,      // of a tab
    expiry,       // the access token's life passes
    early_timer,  // all others: faults
    crash,
    freeze,
    sign_out,
    sign_in,
    clear_storage,
    arm,  // what goes wrong with the next message it fits
  };
  struct Choice {
    Move move;
    std::uint32_t which;
  };
  struct Wrong {
    Invariant invariant;
    std::string detail;
  };

  // Both tabs are signed in, and nothing is under way.
  SmallWorld(const Options& options, std::size_t trace_lines);

  std::vector<Choice> choices() const;
  void take(const Choice& choice);
  // Equal where the same can follow: a tab is the same when it has seen the same.
  std::uint64_t hash() const;

  const World& world() const { return world_; }
  // All that was to happen has: but for the fault, which need not come.
  bool is_end(const std::vector<Choice>& next) const;
  // People come back to their tabs, then all must agree.
  std::optional<Wrong> reckon() const;

 private:
  static constexpr std::uint8_t kTabs = 2;

  void run_out();
  void add_faults(bool others, std::vector<Choice>& found) const;
  bool is_live(const Event& timer) const;
  bool ends_mark(const Event& timer) const;
  std::uint32_t first_timer() const;
  std::uint64_t hash_of_tabs() const;
  std::uint64_t hash_of(const Event& event) const;

  World world_;
  bool requested_[kTabs] = {};
  bool expired_ = false;
  bool faulted_ = false;
};

}  // namespace bearerkit::sim
