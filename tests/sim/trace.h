// The last steps of a run: cheap to note, readable once they are wanted.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "queue.h"

namespace bearerkit::sim {

#define BEARERKIT_SIM_NOTES(X)                                                   \
  X(opens, "opens, clock %+lld ms")                                              \
  X(calls, "call #%llu begins, kind %llu, flags %llu")                           \
  X(instruction, "call #%llu: the machine says flags %llu")                      \
  X(sends, "call #%llu is sent, token %llu (family %llu)")                       \
  X(serves, "server: call #%llu gets %llu")                                      \
  X(answers, "call #%llu has its answer: %llu")                                  \
  X(fails, "call #%llu: the network failed")                                     \
  X(keeps, "call #%llu keeps its 401 and waits")                                 \
  X(ends, "call #%llu ends, code %llu")                                          \
  X(aborts, "call #%llu is aborted by the app")                                  \
  X(reports, "reports that access token %llu was refused")                       \
  X(cookie_replaced, "elsewhere: user %llu signs in (family %llu)")              \
  X(rotates_elsewhere, "elsewhere: refresh token %llu gives %llu (family %llu)") \
  X(copied, "takes a copy of the storage of tab %llu")                           \
  X(reloads, "reloads while its refresh is under way, run %llu")                 \
  X(redeems, "asks for a refresh with refresh token %llu, run %llu")             \
  X(rotates, "server: refresh token %llu gives %llu (family %llu)")              \
  X(replays, "server: refresh token %llu again gives %llu (family %llu)")        \
  X(refuses, "server: refresh token %llu refused (family %llu, reuse %llu)")     \
  X(redeemed, "has an answer to its refresh, status %llu, run %llu")             \
  X(redeem_error, "has no answer to its refresh, run %llu, the end %llu")        \
  X(cancels, "gives its refresh up, run %llu")                                   \
  X(wants_lock, "wants the lock, run %llu, steal %llu")                          \
  X(has_lock, "has the lock, run %llu")                                          \
  X(frees_lock, "gives the lock back, run %llu")                                 \
  X(reads, "reads the storage, purpose %llu: outcome %llu, generation %llu")     \
  X(writes, "writes session …%04llx generation %llu, token %llu")                \
  X(written, "is told that it is written, operation %llu")                       \
  X(removes, "clears the storage, in which was session …%04llx generation %llu") \
  X(writes_lease, "claims the lease, as …%04llx")                                \
  X(reads_lease, "reads the lease: outcome %llu, of …%04llx")                    \
  X(removes_lease, "gives the lease back, …%04llx")                              \
  X(broadcasts, "broadcasts")                                                    \
  X(hears, "hears another tab")                                                  \
  X(revokes, "asks for refresh token %llu to be revoked")                        \
  X(signed_in, "event signedin, source %llu, generation %llu (family %llu)")     \
  X(signed_out, "event signedout, reason %llu (family %llu)")                    \
  X(refreshed, "event refreshed, generation %llu, by another tab %llu")          \
  X(refresh_failed, "event refreshfailed, next try in %lld ms")                  \
  X(warning, "event warning %llu")                                               \
  X(user_signs_in, "the user signs in as %llu (family %llu)")                    \
  X(user_signs_out, "the user signs out (family %llu)")                          \
  X(timer_fires, "its timer fires")                                              \
  X(wakes, "wakes, visible %llu")                                                \
  X(storage_event, "gets a storage event")                                       \
  X(fault, "FAULT %llu")                                                         \
  X(closes, "is closed in good order")                                           \
  X(calm, "the faults stop")                                                     \
  X(reckons, "do all agree?")

enum class Note : std::uint8_t {
#define BEARERKIT_SIM_ENUMERATE(name, format) name,
  BEARERKIT_SIM_NOTES(BEARERKIT_SIM_ENUMERATE)
#undef BEARERKIT_SIM_ENUMERATE
};

inline constexpr std::uint8_t kWorld = 255;  // in place of a tab

class Trace {
 public:
  explicit Trace(std::size_t lines) : lines_(lines) {}
  void add(Time at, std::uint8_t tab, Note note, std::uint64_t a = 0, std::uint64_t b = 0,
           std::uint64_t c = 0) {
    if (folding_) {
      for (const std::uint64_t value : {std::uint64_t{static_cast<std::uint8_t>(note)}, a, b, c}) {
        fold(tab, value);
      }
    }
    if (next_ >= lines_.size()) return;  // there is room for none
    lines_[next_] = {at, a, b, c, note, tab};
    if (++next_ == lines_.size()) next_ = 0;
    added_++;
  }
  // Exhaustive mode: what each tab has seen so far, as one number. A tab is a function of that.
  void start_folding(std::size_t tabs) {
    folding_ = true;
    seen_.assign(tabs, 0);
  }
  void fold(std::uint8_t tab, std::uint64_t value) {
    if (!folding_ || tab >= seen_.size()) return;
    std::uint64_t& seen = seen_[tab];
    seen = (seen ^ value) * 0x9e3779b97f4a7c15u;
    seen ^= seen >> 29;
  }
  void fold(std::uint8_t tab, std::string_view text) {
    if (!folding_) return;
    for (const char c : text) fold(tab, static_cast<std::uint64_t>(static_cast<unsigned char>(c)));
  }
  const std::vector<std::uint64_t>& seen() const { return seen_; }

  // Oldest first, at most `most` lines.
  std::string text(std::size_t most) const;

 private:
  struct Line {
    Time at;
    std::uint64_t a, b, c;
    Note note;
    std::uint8_t tab;
  };
  bool folding_ = false;
  std::vector<std::uint64_t> seen_;
  std::vector<Line> lines_;
  std::size_t next_ = 0;
  std::uint64_t added_ = 0;
};

}  // namespace bearerkit::sim
