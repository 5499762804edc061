// What is going to happen: events in the order of their time, and of their coming where the time is
// the same.
#pragma once

#include <cstdint>
#include <vector>

namespace bearerkit::sim {

// Milliseconds since the world began. The server's clock shows this; each tab has its own (tab.h).
using Time = std::int64_t;

#define BEARERKIT_SIM_HAPPENINGS(X)                                     \
  X(user)           /* the app of a tab does something */               \
  X(request)        /* a request of a tab gets to the server */         \
  X(answer)         /* its answer gets to the tab */                    \
  X(redeem)         /* a refresh gets to the server */                  \
  X(redeemed)       /* its answer gets to the tab */                    \
  X(revoke)         /* a revocation gets to the server */               \
  X(revoke_lost)    /* or a tab hears that it did not */                \
  X(message)        /* a broadcast message gets to a tab */             \
  X(storage_event)  /* another tab has written */                       \
  X(lock)           /* a lock is granted */                             \
  X(storage_effect) /* an operation on an asynchronous storage works */ \
  X(storage_done)   /* and its promise resolves */                      \
  X(lease_effect)   /* the same for the lease beside the record */      \
  X(lease_done)                                                         \
  X(timer)  /* the one timer of a tab */                                \
  X(abort)  /* the app aborts a call */                                 \
  X(fault)  /* something goes wrong */                                  \
  X(wake)   /* a tab is thawed, restored or shown */                    \
  X(open)   /* a tab is opened in place of one that is gone */          \
  X(reload) /* of a tab whose refresh may still be under way */         \
  X(watch)  /* looks whether a call has waited too long */              \
  X(calm)   /* the faults stop, for a while */                          \
  X(probe)  /* in the calm: every tab calls once */                     \
  X(reckon) /* in the calm: do all agree? then on with it */

enum class Happening : std::uint8_t {
#define BEARERKIT_SIM_ENUMERATE(name) name,
  BEARERKIT_SIM_HAPPENINGS(BEARERKIT_SIM_ENUMERATE)
#undef BEARERKIT_SIM_ENUMERATE
};

struct Event {
  Time at = 0;
  std::uint64_t order = 0;
  Happening what{};
  std::uint8_t tab = 0;
  std::uint16_t life = 0;  // of the tab: an event for a tab that has gone since is void
  std::uint32_t a = 0;     // by kind, see where it is scheduled
  std::uint32_t b = 0;
};

class Queue {
 public:
  void push(Event event) {
    event.order = ++pushed_;
    heap_.push_back(event);
    std::size_t place = heap_.size() - 1;
    while (place > 0) {
      const std::size_t parent = (place - 1) / 4;
      if (!before(event, heap_[parent])) break;
      heap_[place] = heap_[parent];
      place = parent;
    }
    heap_[place] = event;
  }

  bool empty() const { return heap_.empty(); }

  Event pop() {
    const Event first = heap_.front();
    const Event last = heap_.back();
    heap_.pop_back();
    if (!heap_.empty()) sink(last);
    return first;
  }

  // For the exhaustive mode, where any of them may be next.
  const std::vector<Event>& all() const { return heap_; }
  Event take(std::size_t place) {
    const Event event = heap_[place];
    heap_.erase(heap_.begin() + static_cast<std::ptrdiff_t>(place));
    return event;
  }
  void push_unsorted(Event event) {
    event.order = ++pushed_;
    heap_.push_back(event);
  }

 private:
  static bool before(const Event& x, const Event& y) {
    return x.at != y.at ? x.at < y.at : x.order < y.order;
  }
  void sink(const Event& event) {
    std::size_t place = 0;
    for (;;) {
      const std::size_t first = place * 4 + 1;
      if (first >= heap_.size()) break;
      std::size_t least = first;
      for (std::size_t child = first + 1; child < heap_.size() && child < first + 4; child++) {
        if (before(heap_[child], heap_[least])) least = child;
      }
      if (!before(heap_[least], event)) break;
      heap_[place] = heap_[least];
      place = least;
    }
    heap_[place] = event;
  }

  std::vector<Event> heap_;
  std::uint64_t pushed_ = 0;
};

}  // namespace bearerkit::sim
