// A list that grows at its end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

namespace bearerkit {

// Room for one more item of `item` bytes: `items`, or larger memory that holds what it held.
// The only code that a list of any type brings along; std::vector brings its growth for each anew.
void* grown_list(void* items, std::uint32_t size, std::uint32_t& room, std::size_t item);

// Its items may be moved by their bytes, as numbers and Text may.
template <typename Item>
class List {
 public:
  List() = default;
  List(const List& other) {
    for (const Item& item : other) push() = item;
  }
  List(List&& other) noexcept { swap(other); }
  List& operator=(const List&) = delete;
  ~List() {
    clear();
    ::operator delete(items_);
  }

  std::uint32_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  Item& operator[](std::size_t at) { return items_[at]; }
  Item* begin() { return items_; }
  Item* end() { return items_ + size_; }
  const Item* begin() const { return items_; }
  const Item* end() const { return items_ + size_; }

  // The new last one.
  Item& push() {
    items_ = static_cast<Item*>(grown_list(items_, size_, room_, sizeof(Item)));
    return *new (items_ + size_++) Item();
  }
  void clear() {
    for (Item& item : *this) item.~Item();
    size_ = 0;
  }
  void swap(List& other) noexcept {
    std::swap(items_, other.items_);
    std::swap(size_, other.size_);
    std::swap(room_, other.room_);
  }

 private:
  Item* items_ = nullptr;
  std::uint32_t size_ = 0;
  std::uint32_t room_ = 0;
};

}  // namespace bearerkit
