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
  constexpr std::uint32_t bits() const { return bits_; }
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

// The cells of a row in one number: four bits for each column, and for the first one the rest. Of
// what is seen each column has one value: it matches the rows that have all of its bits.
template <typename First, typename... Others>
constexpr std::uint32_t pack(const Cell<First>& first, const Cell<Others>&... others) {
  constexpr std::uint32_t kColumn = 15;
  std::uint32_t packed = first.bits();
  // A wildcard has more bits than its column: they are cut off. A value too large would be cut off
  // as well, so the tests ask every table for every value.
  ((packed = packed << 4 | (others.bits() & kColumn)), ...);
  return packed;
}

// Rows, packed, and what each leads to. One more matches all, so that the search has an end: the
// tests see to it that it is never come to.
template <typename Action, std::size_t Count>
struct PackedTable {
  std::uint32_t cells[Count + 1];
  Action actions[Count + 1];
};

// `cells_of` packs a row.
template <typename Row, std::size_t Count, typename CellsOf>
constexpr auto pack_table(const Row (&rows)[Count], CellsOf cells_of) {
  PackedTable<decltype(Row::action), Count> table{};
  for (std::size_t i = 0; i < Count; i++) {
    table.cells[i] = cells_of(rows[i]);
    table.actions[i] = rows[i].action;
  }
  table.cells[Count] = ~std::uint32_t{0};
  return table;
}

// The place of the first row that matches what is packed in `seen`.
std::size_t first_row(const std::uint32_t* rows, std::uint32_t seen);

template <typename Action, std::size_t Count>
Action look_up(const PackedTable<Action, Count>& table, std::uint32_t seen) {
  return table.actions[first_row(table.cells, seen)];
}

}  // namespace bearerkit
