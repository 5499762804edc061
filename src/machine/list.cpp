#include "machine/list.h"

#include <cstring>

namespace bearerkit {

void* grown_list(void* items, std::uint32_t size, std::uint32_t& room, std::size_t item) {
  if (size < room) return items;
  room = 2 * size + 2;
  void* const larger = ::operator new(room* item);
  if (size > 0) std::memcpy(larger, items, size * item);
  ::operator delete(items);
  return larger;
}

}  // namespace bearerkit
