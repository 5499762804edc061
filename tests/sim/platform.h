// What the tabs of a browser share: the lock manager, the storage, the broadcast channel's order.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "machine/input.h"
#include "machine/milliseconds.h"
#include "queue.h"
#include "server.h"

namespace bearerkit::sim {

// Web Locks, one exclusive lock: first come, first served; `steal` takes it from its holder at once
// and jumps the queue.
class Locks {
 public:
  struct Place {
    std::uint8_t tab;
    std::uint16_t life;
    RunId run;
    std::uint32_t attempt;  // of the tab to get a lock
    bool operator==(const Place& other) const {
      return tab == other.tab && life == other.life && run == other.run;
    }
  };

  // Who holds the lock now that did not before, if anybody.
  using Granted = std::optional<Place>;

  Granted request(const Place& place);
  Granted steal(const Place& place);
  // The lock or the place in the queue.
  Granted release(const Place& place);
  Granted release_all_of(std::uint8_t tab);

  const std::optional<Place>& holder() const { return holder_; }
  bool idle() const { return !holder_ && queue_.empty(); }

 private:
  Granted grant_next();
  std::optional<Place> holder_;
  std::vector<Place> queue_;
};

// What can be read off a stored record without the core.
struct StoredRecord {
  bool readable = false;
  bool refusal = false;  // C7: a no; of which session, if it is the user's own
  std::uint64_t session = 0;
  std::uint32_t generation = 0;
  std::uint32_t access = kNone;  // bearer mode only
  std::uint32_t refresh = kNone;
  double deadline = kNever;
  double life = kNever;
};
StoredRecord look_into(std::string_view record);
// From its hexadecimal digits, as records and messages have it.
std::uint64_t session_in(std::string_view digits);

// A value of a storage that tabs share. In localStorage what another process has written is seen
// some milliseconds later: each tab has a view of its own.
class SharedText {
 public:
  using Lags = std::array<Time, kMaxTabs>;

  void write(std::uint8_t tab, Time now, std::optional<std::string> text, const Lags& lags);
  ReadOutcome read(std::uint8_t tab, Time now, std::string& found) const;
  // When the tab sees what was written last.
  Time seen_from(std::uint8_t tab) const;
  // A new page reads it from the disk.
  void opened(std::uint8_t tab);
  const std::optional<std::string>& newest() const { return versions_.back().text; }

 private:
  struct Version {
    std::optional<std::string> text;
    Lags seen_from{};
  };
  std::vector<Version> versions_{1};  // oldest first; those that every tab has left behind are gone
};

// One key. Reads and writes are atomic, as those of localStorage and of IndexedDB transactions.
struct StorageKey {
  std::optional<std::string> text;
  std::optional<std::string> flight;  // R25: another key, beside it
  StoredRecord record;                // of text
  std::uint32_t family = kNone;       // whose it was when it was written
  Time written = 0;
  std::string previous;   // the text before
  bool reverted = false;  // text is an older one
  bool overrun = false;   // a commit at the same time took the place of a sign-in
  bool torn = false;      // a sign-in was written long after it took place, over another session

  void write(std::string_view value) {
    previous = text.value_or("");
    reverted = false;
    text = value;
    record = look_into(value);
  }
  void clear() {
    text.reset();
    record = StoredRecord{};
    reverted = torn = overrun = false;
  }
};

// BroadcastChannel: messages of one sender get to one receiver in order; others may overtake them.
struct ChannelOrder {
  Time last[kMaxTabs][kMaxTabs] = {};

  Time arrival(std::uint32_t from, std::uint32_t to, Time wanted) {
    Time& earliest = last[from][to];
    earliest = wanted > earliest ? wanted : earliest;
    return earliest;
  }
};

}  // namespace bearerkit::sim
