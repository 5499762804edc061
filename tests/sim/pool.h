// Values under way, which events name by their place.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace bearerkit::sim {

template <typename T>
class Pool {
 public:
  std::uint32_t add(T value) {
    if (free_.empty()) {
      values_.push_back(std::move(value));
      return static_cast<std::uint32_t>(values_.size() - 1);
    }
    const std::uint32_t place = free_.back();
    free_.pop_back();
    values_[place] = std::move(value);
    return place;
  }
  // The place is free for another afterwards.
  T take(std::uint32_t place) {
    free_.push_back(place);
    return std::move(values_[place]);
  }
  T& operator[](std::uint32_t place) { return values_[place]; }
  const T& operator[](std::uint32_t place) const { return values_[place]; }
  // The free ones as well.
  std::vector<T>& all() { return values_; }

 private:
  std::vector<T> values_;
  std::vector<std::uint32_t> free_;
};

}  // namespace bearerkit::sim
