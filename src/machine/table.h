// What the decision tables are made of: rows that are read from the top, and cells that match one
// value, several, or any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace bearerkit {

// The one wildcard.
struct Any {};
inline constexpr Any any{};

// The values of a column that a row is for. Also serves as a named group of values.
template <typename Value>
class Cell {
 public:
  // Implicit, so that a row can be written as a list of values.
  // NOLINTNEXTLINE(google-explicit-constructor)
  constexpr Cell(Any /*wildcard*/) : bits_(~std::uint32_t{0}) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  constexpr Cell(Value value) : bits_(bit(value)) {}
  constexpr Cell(std::initializer_list<Value> values) {
    for (const Value value : values) bits_ |= bit(value);
  }

  constexpr bool has(Value value) const { return (bits_ & bit(value)) != 0; }
  constexpr Cell operator|(const Cell& other) const {
    Cell both{};
    both.bits_ = bits_ | other.bits_;
    return both;
  }

 private:
  constexpr Cell() = default;
  static constexpr std::uint32_t bit(Value value) {
    return std::uint32_t{1} << static_cast<std::uint32_t>(value);
  }
  std::uint32_t bits_ = 0;
};

}  // namespace bearerkit
