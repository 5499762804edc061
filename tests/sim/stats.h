// What a run counted, and the summary over many.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "settings.h"

namespace bearerkit::sim {

struct Stats {
  std::uint64_t runs = 0;
  std::uint64_t events = 0;
  std::uint64_t calls = 0;
  std::uint64_t retries = 0;
  std::uint64_t refreshes = 0;  // asked for by a client
  std::uint64_t rotations = 0;  // given by the server
  std::uint64_t replays = 0;    // given again inside the grace window
  std::uint64_t adoptions = 0;  // taken over from another tab
  std::uint64_t sign_ins = 0;
  std::uint64_t sign_outs = 0;  // by the user
  std::uint64_t calms = 0;
  std::uint64_t world_seconds = 0;
  std::array<std::uint64_t, kFaults> faults{};
  // Sessions that ended at the server because a refresh token came twice, by the fault that had
  // kept the answer from the client: with no grace window; after it was over; within it, which
  // happens only where nobody can know the newest token: to a tab whose storage is of no use, with
  // cookies that overtake each other, by a request of a tab that is gone.
  std::array<std::uint64_t, kFaults> lost_no_grace{};
  std::array<std::uint64_t, kFaults> lost_after_grace{};
  std::array<std::uint64_t, kFaults> lost_in_grace{};
  std::uint64_t lost_to_faults = 0;     // of lost_in_grace; Invariant::lost_to_faults
  std::array<std::uint64_t, 8> ends{};  // events signedout, by SignOutReason

  void add(const Stats& other);
};

std::string summary(const Stats& stats, double seconds);

}  // namespace bearerkit::sim
