// For the files that feed machines: their inputs by name, and the times that they go by.
#pragma once

#include "inputs.h"
#include "world.h"

namespace bearerkit::sim {

inline constexpr char kHtml[] = "<!doctype html><title>Sign in to the Wi-Fi</title>";
inline constexpr std::uint32_t kNoCall = 0xffffffff;
inline constexpr double kEpoch = 1'700'000'000'000;  // the world's time 0

inline constexpr std::uint32_t kUsers = 3;

// The endpoints of the API by number, of which the first few refuse every token (R14).
inline constexpr std::uint32_t kRefusing = 3;
inline constexpr std::uint32_t kEndpoints = 12;

// The time-outs of one refresh (lock, steal, three times the storage, the refresh) and the start,
// twice over: a clock that is set back while one runs may double it.
inline constexpr Time kLongestWait = 2 * (15'000 + 10'000 + 6 * 5'000);

// Settings::lock_timeout by a clock that is fast.
inline constexpr Time kLeaseLasts = 15'000 - 100;

// What the lease has to do within, for a claim to be seen in time (X4).
inline constexpr Time kLeaseInTime = 15;

// What a storage does after this time it does late (Fault::storage_hangs).
inline constexpr Time kSlow = 1'000;

}  // namespace bearerkit::sim
