// A hash for telling texts apart. Not a secret one: who chooses the text can choose the hash.
#pragma once

#include <cstdint>
#include <string_view>

namespace bearerkit {

inline constexpr std::uint64_t kHashBegin = 0xcbf29ce484222325u;

// FNV-1a, 64 bits; `hash` goes on from an earlier text.
constexpr std::uint64_t hash_of(std::string_view text, std::uint64_t hash = kHashBegin) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash;
}

}  // namespace bearerkit
