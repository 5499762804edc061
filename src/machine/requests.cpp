#include "machine/requests.h"

#include "formats/core_limits.h"

namespace bearerkit {
namespace {

constexpr std::uint32_t kSlotBits = 16;
constexpr std::uint32_t kSlotMask = (1u << kSlotBits) - 1;

}  // namespace

RequestId Requests::add(const Request& request) {
  if (free_.empty()) {
    if (slots_.size() >= limits::kMaxRequests) return 0;
    free_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const std::uint32_t index = free_.back();
  free_.pop_back();
  Slot& slot = slots_[index];
  slot.request = request;
  slot.used = true;
  return (static_cast<std::uint32_t>(slot.serial) << kSlotBits) | (index + 1);
}

Request* Requests::find(RequestId id) {
  const std::uint32_t place = id & kSlotMask;
  if (place == 0 || place > slots_.size()) return nullptr;
  Slot& slot = slots_[place - 1];
  return slot.used && slot.serial == id >> kSlotBits ? &slot.request : nullptr;
}

bool Requests::remove(RequestId id) {
  if (find(id) == nullptr) return false;
  const std::uint32_t index = (id & kSlotMask) - 1;
  slots_[index].used = false;
  slots_[index].serial++;  // wraps: 256 uses of one slot later an id may come again
  free_.push_back(index);
  return true;
}

bool Requests::refresh_awaited() {
  for (const RequestId id : waiters_) {
    const Request* request = find(id);
    if (request != nullptr && request->kind == RequestKind::refresh) return true;
  }
  return false;
}

}  // namespace bearerkit
