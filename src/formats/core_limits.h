// Every limit of the core in one place. A limit that is hit gives a typed error, never a crash.
#pragma once

#include <cstddef>
#include <cstdint>

namespace bearerkit::limits {

// D6. Real access tokens stay below 8 KiB (header fields); 1 MiB is far above any of them.
inline constexpr std::size_t kMaxTokenBytes = 1024 * 1024;
// D6. The depth of nested arrays and objects in a header, a payload or a token response.
inline constexpr std::size_t kMaxJsonDepth = 256;
// A larger text is refused as a token response or a stored record.
inline constexpr std::size_t kMaxResponseBytes = 4 * 1024 * 1024;
// L9. What is kept beside the tokens is written with each of them.
inline constexpr std::size_t kMaxKeptBytes = 16 * 1024;
// B7. A `WWW-Authenticate` field is read up to here; servers and proxies refuse longer ones.
inline constexpr std::size_t kMaxChallengeBytes = 16 * 1024;
// B6. Each text that a step-up challenge asks for (RFC 9470).
inline constexpr std::size_t kMaxStepUpBytes = 2 * 1024;
// Requests under way in one client. The id of a request holds 16 bits for its place.
inline constexpr std::size_t kMaxRequests = 65535;
// Origins besides the page's own.
inline constexpr std::size_t kMaxOrigins = 64;

}  // namespace bearerkit::limits
