// The only source of chance in the simulator: xoshiro256** seeded by splitmix64. Nothing of
// <random> is used, whose distributions differ from one standard library to the next.
#pragma once

#include <cstdint>

namespace bearerkit::sim {

class Chance {
 public:
  explicit Chance(std::uint64_t seed) {
    for (std::uint64_t& word : state_) {
      seed += 0x9e3779b97f4a7c15u;
      std::uint64_t z = seed;
      z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
      z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
      word = z ^ (z >> 31);
    }
  }

  std::uint64_t next() {
    const std::uint64_t result = rotate(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = rotate(state_[3], 45);
    return result;
  }

  // 0 … bound − 1; the bias is below 2⁻³² of it. 0 for bound 0.
  std::uint32_t below(std::uint32_t bound) {
    return static_cast<std::uint32_t>(((next() >> 32) * bound) >> 32);
  }
  // Both ends may come.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + below(static_cast<std::uint32_t>(high - low + 1));
  }
  // True so many times in a million.
  bool hit(std::uint32_t per_million) { return below(1'000'000) < per_million; }
  bool coin() { return (next() >> 63) != 0; }

 private:
  static constexpr std::uint64_t rotate(std::uint64_t x, int k) { return x << k | x >> (64 - k); }
  std::uint64_t state_[4];
};

}  // namespace bearerkit::sim
